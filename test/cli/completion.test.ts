import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { EVENT_NAMES } from '../../src/persona/event-names.ts';
import { runCli } from '../helpers/run-cli.ts';
import { BIN } from '../helpers/spawn-cli.ts';

const run = promisify(execFile);
const complete = async (...words: string[]) => {
  const { stdout, stderr, code } = await runCli(['complete', '--', ...words]);
  expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
  return stdout.split('\n').flatMap((line) => (line === '' ? [] : [line.split('\t')[0]!]));
};

describe('the words that may come next', () => {
  test.each<[string[], string[]]>([
    [['de'], ['demo', 'deliveries', 'delivery']],
    [['compl'], ['completion']],
    [['send', 'inquiry.app'], ['inquiry.approved']],
    [['send', '--to', 'http://127.0.0.1:9', 'inquiry.app'], ['inquiry.approved']],
    [['send', '--time'], ['--time-scale']],
    [['send', '--policy', 'persona-2026'], ['persona-2026']],
    [['send', '--inflection', 's'], ['snake']],
    [['conform', '--only', 'SIG-04'], ['SIG-04']],
    [
      ['conform', '--profile', ''],
      ['core', 'strict', 'probe', 'soak', 'load'],
    ],
    [
      ['conform', '--report', 'j'],
      ['junit', 'json'],
    ],
    [['load', '--scenario', 'zzz'], []],
    [
      ['completion', ''],
      ['bash', 'zsh', 'fish', 'powershell'],
    ],
    [['send', '--webhook', ''], []],
    [['help', 'sch'], ['schedule']],
    [['nonsense', ''], []],
    [
      ['completion', '""'],
      ['bash', 'zsh', 'fish', 'powershell'],
    ],
  ])('after %j are the expected ones', async (words, expected) => {
    expect((await complete(...words)).sort()).toEqual(expected.sort());
  });

  test('are all events for send, and all scenarios for scenario', async () => {
    expect(await complete('send', '')).toEqual([...EVENT_NAMES]);
    expect((await complete('scenario', '')).length).toBeGreaterThan(5);
  });

  test('come with the description of a flag', async () => {
    expect((await runCli(['complete', '--', 'send', '--time'])).stdout).toBe(
      '--time-scale\tshorten the waits: 1000, 1h=1s or instant (default: 1, real time)\n',
    );
  });

  test('are found without loading the schemas or the checks', async () => {
    const script = `process.on('exit', () => console.log(Object.keys(require.cache).join('\\n'))); process.argv = ['node', 'hookcast', 'complete', '--', 'send', 'inquiry.app']; require(${JSON.stringify(BIN)});`;
    const { stdout } = await run(process.execPath, ['-e', script]);
    const [first] = stdout.split('\n');
    expect(first).toBe('inquiry.approved');
    expect(stdout).not.toMatch(/command\/(zod|conform|suite)-/);
  });
});
