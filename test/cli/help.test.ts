import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { CommandContext } from '../../src/cli/context.ts';
import { createProgram } from '../../src/cli/program.ts';
import { runCli } from '../helpers/run-cli.ts';

const output = { write: () => undefined, isTty: false, columns: 80 };
const program = await createProgram(
  [],
  new CommandContext({
    ...{ stdout: output, stderr: output, env: {}, colorLevel: 0 },
    ...{ interrupted: new AbortController().signal, interrupt: () => undefined },
  }),
);
const NAMES = program.commands
  .map((command) => command.name())
  .filter((name) => name !== 'help' && name !== 'complete'); // Asked by the scripts of shells.
const HELPS = [...NAMES.map((name) => [name]), ['fixtures', 'import'], []];

describe('help', () => {
  test.each(HELPS)('of %s %s has no line over 80 columns and breaks no word', async (...names) => {
    const narrow = (await runCli([...names, '--help'], { columns: 80 })).stdout;
    const wide = (await runCli([...names, '--help'], { columns: 1_000 })).stdout;
    expect(narrow.split('\n').filter((line) => line.length > 80)).toEqual([]);
    const words = (text: string) => text.replaceAll(/ \\$/gm, '').split(/\s+/);
    expect(words(narrow)).toEqual(words(wide));
  });

  test.each(HELPS)('of %s %s names a page of the documentation that exists', async (...names) => {
    const { stdout } = await runCli([...names, '--help']);
    const page = /^Docs: (\S+)$/m.exec(stdout)?.[1] ?? 'none';
    expect(existsSync(page), page).toBe(true);
  });

  test.each(NAMES)('of %s has examples, and equals the output of "help %s"', async (name) => {
    const { code, stdout } = await runCli([name, '--help']);
    expect(code).toBe(0);
    expect((await runCli(['help', name])).stdout).toBe(stdout);
    // The whole of thirty helps would be noise here.
    expect(stdout).toContain('Examples:\n  $ hookcast ');
  });

  test.each(NAMES)('of %s is named after a wrong flag', async (name) => {
    const { code, stderr } = await runCli([name, '--no-such-flag']);
    const fault = stderr.replace(/required option .* not specified/, "unknown option '--no-such-flag'");
    expect({ code, fault }).toEqual({
      code: 2,
      fault: `error: unknown option '--no-such-flag'\n(see: hookcast ${name} --help)\n`,
    });
  });

  test('without arguments is a short introduction on stdout, with exit code 0', async () => {
    expect(await runCli([])).toMatchInlineSnapshot(`
      {
        "code": 0,
        "stderr": "",
        "stdout": "hookcast stands in for Persona's webhook sender. Start with:
        hookcast demo      watch a delivery fail four times and then succeed
        hookcast conform   find out what is wrong with your receiver
        hookcast send      deliver events to your receiver
      All commands: hookcast --help
      ",
      }
    `);
  });

  test('lists conform as the second command', () => {
    expect(NAMES.slice(0, 2)).toEqual(['demo', 'conform']);
  });
});
