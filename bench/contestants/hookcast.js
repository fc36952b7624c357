// `hookcast load` without end: unique signed events. `--workers n` shares them among n threads.
import { parseArgs } from 'node:util';
import { createSimulator } from '../../dist/index.js';
import { CONCURRENCY, EVENT_NAME, WEBHOOK } from '../lib/sample.js';

const { values } = parseArgs({ options: { workers: { type: 'string', default: '1' } } });
const simulator = createSimulator({ webhook: WEBHOOK });
await simulator.emit({ mix: EVENT_NAME }, { concurrency: CONCURRENCY, workers: Number(values.workers) });
