import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseScript } from '../../src/receiver/reaction.ts';
import { startReceiver, type Receiver } from '../../src/receiver/start-receiver.ts';
import { Secret } from '../../src/signing/sign.ts';
import { runCli } from '../helpers/run-cli.ts';
import { tcpServer } from '../helpers/servers.ts';
import { temporaryFolder, type TemporaryFolder } from '../helpers/temporary-folder.ts';

let receiver: Receiver;
let folder: TemporaryFolder;
/** What a terminal shows: each line after what was drawn over it. */
const visible = (text: string) =>
  text
    .split('\n')
    .map((line) => line.slice(line.lastIndexOf('\r') + 1).replace(/\u001b\[[\d;]*[A-Za-z]/g, ''));

/** Code cannot be broken. */
function outsideCode(): (line: string) => boolean {
  let isCode = false;
  return (line) => {
    if (line.startsWith('```')) isCode = !isCode;
    return !isCode;
  };
}

beforeAll(async () => {
  folder = await temporaryFolder();
  // It knows another secret: all that is signed with ours is refused.
  receiver = await startReceiver({ secrets: [new Secret('wbhsec_other')], script: parseScript('200') });
  const argv = ['send', 'inquiry.approved', 'inquiry-session.started', '--to', receiver.url];
  await runCli([...argv, '--journal', `${folder.path}/j.db`, '--time-scale', 'instant']);
});
afterAll(async () => {
  await receiver[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

const commands: [string, () => string[]][] = [
  ['the scenarios', () => ['scenario']],
  ['a plan', () => ['scenario', 'inquiry-approved', '--dry-run']],
  ['the events', () => ['events']],
  ['a schedule', () => ['schedule', '--policy', 'persona-2026']],
  ['addresses', () => ['addresses']],
  ['the checks', () => ['conform', '--list']],
  ['a check', () => ['conform', '--explain', 'SIG-08']],
  ['deliveries', () => ['deliveries', '--journal', `${folder.path}/j.db`]],
  ['refused attempts', () => ['send', 'inquiry.approved', '--to', receiver.url, '--time-scale', 'instant']],
  ['a refused scenario', () => ['scenario', 'case', '--to', receiver.url, '--time-scale', 'instant']],
  ['a refused load', () => ['load', '--to', receiver.url, '--count', '3', '--no-drain']],
  ['no receiver', () => ['send', 'inquiry.approved']],
  ['a receiver that is down', () => ['conform', '--to', 'http://127.0.0.1:1/']],
  ['a remote receiver', () => ['send', 'inquiry.approved', '--to', 'http://203.0.113.5/']],
  ['a pattern in place of an event', () => ['send', 'inquiry.*', '--to', receiver.url]],
  ['a failing check', () => ['conform', '--to', receiver.url, '--only', 'ACK-01,SIG-01']],
];

describe('on a terminal of 80 columns', () => {
  test.each(commands)('no line for %s is wider, except for single words', async (_, argvOf) => {
    const { stdout, stderr } = await runCli(argvOf(), { isTty: true, stderrIsTty: true, columns: 80 });
    const lines = [...visible(stdout), ...visible(stderr)];
    const isProse = outsideCode();
    expect(lines.filter((line) => isProse(line) && line.length > 80 && /\S\s+\S/.test(line))).toEqual([]);
    expect(lines.length).toBeGreaterThan(1);
  });

  test('what to do about a closed connection stands in the line of its attempt', async () => {
    await using closing = await tcpServer((socket) => socket.once('data', () => socket.end()));
    const argv = ['send', 'inquiry.approved', '--to', `http://127.0.0.1:${closing.port}/`];
    const { stdout } = await runCli([...argv, '--time-scale', 'instant'], { isTty: true, columns: 80 });
    const attempts = visible(stdout).filter((line) => /^ +\d of 9 /.test(line));
    expect(attempts).toHaveLength(9);
    for (const line of attempts)
      expect(line).toMatch(/✗ closed without an answer: is it https:\/\/\? \(.+\)$/);
  });

  test('but in a pipe each sentence is one line', async () => {
    const { stderr } = await runCli(['send', 'inquiry.approved', '--to', 'http://203.0.113.5/']);
    expect(stderr).toMatchInlineSnapshot(`
      "signing with the development secret wbhsec_00000000-dead-4000-8000-00000000beef: give it to your receiver, or pass --secret
      error: 203.0.113.5 is not on this machine or a private network; if the receiver is yours, pass --allow-remote
      "
    `);
  });
});
