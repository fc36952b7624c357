// The first page of `hookcast deliveries`: processor time with many deliveries in the journal, to few.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openJournal } from '../dist/library/index.js';
import { openDatabase } from '../dist/journal/sqlite/driver/choose.js';

const command = fileURLToPath(new URL('../bin/hookcast.js', import.meta.url));

/** @returns {number[]} the ratio of each round */
export function measureFirstPage({ few, many, rounds }) {
  const folder = mkdtempSync(join(tmpdir(), 'hookcast-bench-'));
  try {
    for (const count of [few, many]) fill(join(folder, `${count}.db`), count);
    const seconds = (count) => processorSeconds(join(folder, `${count}.db`));
    return Array.from({ length: rounds }, () => seconds(many) / seconds(few));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function fill(path, count) {
  openJournal(path).close();
  const database = openDatabase(path);
  database.exec(`INSERT INTO webhooks VALUES (1, 'http://127.0.0.1:9/', '{}');
    INSERT INTO load_runs VALUES (1, 1, 9, '{}');
    WITH RECURSIVE ids (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM ids WHERE id < ${count})
    INSERT INTO deliveries (id, event_id, event_name, webhook_id, run_id, event_number, happened_at_ms, state,
      attempts_made, attempts_total, created_at_ms, first_attempt_at_ms, settled_at_ms, first_status)
    SELECT id, 'evt_' || id, 'inquiry.approved', 1, 1, id, 0, 'completed', 1, 9, 0, 0, 1, 200 FROM ids`);
  database.close();
}

/** user + system of one run of the command, start-up included. */
function processorSeconds(path) {
  const script = `TIMEFORMAT='%U %S'; time "$0" "$@" > /dev/null 2> /dev/null`;
  const args = ['-c', script, process.execPath, command, 'deliveries', '--journal', path];
  const { stderr } = spawnSync('bash', args, { encoding: 'utf8' });
  const [user, system] = stderr.trim().split(' ').map(Number);
  return user + system;
}
