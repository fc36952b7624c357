// Two ways to send as many deliveries, in turns in one process: `load --journal`, and `resume` of what such a run left.
// Prints both times, wall and processor, of one lap as JSON.
// node bench/contestants/resume.js <count>; sends to BENCH_URL. BENCH_SQLITE=libsql: not Node's own SQLite
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSimulator, openJournal, resumeJournal } from '../../dist/index.js';
import { openDatabase, useDriver } from '../../dist/journal/sqlite/driver/choose.js';
import { libsql } from '../../dist/journal/sqlite/driver/libsql.js';
import { CONCURRENCY, EVENT_NAME, WEBHOOK } from '../lib/sample.js';

const count = Number(process.argv[2] ?? 100_000);
const folder = mkdtempSync(join(tmpdir(), 'hookcast-bench-'));
const path = join(folder, 'journal.db');
/** What a receiver leaves pending that answers every first attempt with 500. */
const LEAVE_PENDING = `
  UPDATE deliveries SET state = 'pending', settled_at_ms = NULL, first_status = NULL,
    next_attempt_at_ms = first_attempt_at_ms, wait_began_at_ms = first_attempt_at_ms, wait_simulated_ms = 3000;
  INSERT INTO attempts (delivery_id, attempt, started_at_ms, simulated_at_ms, request_headers, outcome, status,
      response_headers, response_body, response_truncated, total_ms)
    SELECT id, 1, first_attempt_at_ms, first_attempt_at_ms, '{}', 'rejected', 500, '{}', x'', 0, 1 FROM deliveries`;

async function timed(work) {
  const [startMs, before] = [performance.now(), process.cpuUsage()];
  await work();
  const { user, system } = process.cpuUsage(before);
  return { wallMs: performance.now() - startMs, cpuMs: (user + system) / 1000 };
}

if (process.env.BENCH_SQLITE === 'libsql') useDriver(libsql());
const webhook = { ...WEBHOOK };
const load = await timed(async () => {
  const journal = openJournal(path, { durability: 'normal' });
  const simulator = createSimulator({ webhook, seed: 1, journal });
  await simulator.emit({ mix: EVENT_NAME }, { concurrency: CONCURRENCY, count });
  journal.close();
});

const database = openDatabase(path);
database.exec(LEAVE_PENDING);
database.close();

const given = { secrets: [{ value: WEBHOOK.secret, source: { from: 'flag' } }] };
const resume = await timed(async () => {
  const journal = openJournal(path, { mustExist: true, durability: 'auto' });
  await resumeJournal({ journal, given, concurrency: CONCURRENCY });
  const left = journal.pendingCount();
  journal.close();
  if (left > 0) throw new Error(`${left} deliveries are still pending`);
});
rmSync(folder, { recursive: true });
console.log(JSON.stringify({ load, resume }));
