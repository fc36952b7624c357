import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { DEVELOPMENT_SECRET, Secret } from '../../../src/signing/sign.ts';
import { startReceiver } from '../../../src/receiver/start-receiver.ts';

/** Uses up the process's files but for 20, and sends 500 events over 40 connections. */
const PROGRAM = `
import { closeSync, openSync } from 'node:fs';
import { createSimulator } from '${new URL('../../../dist/library/index.js', import.meta.url).href}';
const [, url] = process.argv;
const simulator = createSimulator({ webhook: { url }, seed: 1 });
const mix = { mix: 'inquiry.approved' };
await simulator.emit(mix, { count: 1, concurrency: 1 }); // All that it reads is open.
const files = [];
try {
  for (;;) files.push(openSync('/dev/null'));
} catch {
  for (const file of files.slice(0, 20)) closeSync(file);
}
const { exhausted, outcomes, deliveries } = await simulator.emit(mix, { count: 500, concurrency: 40 });
console.log(JSON.stringify({ exhausted, accepted: outcomes.accepted, completed: deliveries.completed }));
`;

test.skipIf(process.platform === 'win32')(
  'a run goes on over the connections that the system grants, and says what it was refused',
  async () => {
    await using receiver = await startReceiver({ secrets: [new Secret(DEVELOPMENT_SECRET)] });
    const shell = `ulimit -n 256; exec "$0" --input-type=module --eval "$1" "$2"`;
    const args = ['-c', shell, process.execPath, PROGRAM, receiver.url];
    const { stdout } = await promisify(execFile)('sh', args, { timeout: 100_000 });
    expect(JSON.parse(stdout)).toEqual({ exhausted: { EMFILE: 20 }, accepted: 500, completed: 500 });
    expect(receiver.received).toHaveLength(501);
  },
);
