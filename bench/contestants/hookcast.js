// Sends events to BENCH_URL without end: [--journal] writes them down, into a temporary folder.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSimulator, openJournal } from '../../dist/index.js';
import { CONCURRENCY, EVENT_NAME, WEBHOOK } from '../lib/sample.js';

const folder = mkdtempSync(join(tmpdir(), 'hookcast-bench-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit());
const withJournal = process.argv.includes('--journal');
const journal = withJournal ? openJournal(join(folder, 'load.db'), { durability: 'normal' }) : undefined;

const simulator = createSimulator({ webhook: WEBHOOK, journal, seed: 1 });
await simulator.emit({ mix: EVENT_NAME }, { count: Infinity, concurrency: CONCURRENCY });
