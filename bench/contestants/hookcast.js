// The volume engine: a fresh, blocklisted, signed event for each request, recorded in memory, without end.
// node bench/contestants/hookcast.js [--workers n] [--journal]; a journal is made in BENCH_FOLDER
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createSimulator, openJournal } from '../../dist/library/index.js';
import { CONCURRENCY, EVENT_NAME, WEBHOOK } from '../lib/sample.js';

const { values } = parseArgs({
  options: { workers: { type: 'string' }, journal: { type: 'boolean', default: false } },
});
const folder = values.journal
  ? mkdtempSync(join(process.env.BENCH_FOLDER ?? tmpdir(), 'journal-'))
  : undefined;
const journal =
  folder === undefined ? undefined : openJournal(join(folder, 'journal.db'), { durability: 'normal' });
const workers = values.workers === undefined ? undefined : Number(values.workers);
const stop = new AbortController();
process.once('SIGTERM', () => stop.abort());

const simulator = createSimulator({ webhook: WEBHOOK, seed: 1, ...(journal && { journal }) });
const { attempts, outcomes } = await simulator.emit(
  { mix: EVENT_NAME },
  { concurrency: CONCURRENCY, signal: stop.signal, ...(workers && { workers }) },
);
journal?.close();
if (folder !== undefined) rmSync(folder, { recursive: true });
console.log(`${attempts} attempts, ${outcomes.accepted} accepted`);
