import { readdirSync, readFileSync } from 'node:fs';
import { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { errorInFlags, inFlags } from '../../src/cli/flags/in-flags.ts';
import { HookcastError } from '../../src/errors.ts';
import { JournalHeldError } from '../../src/journal/errors.ts';

const send = new Command('send')
  .option('--to <url>')
  .option('--time-scale <scale>')
  .option('--allow-remote')
  .option('--secret <text>');
const resume = new Command('resume')
  .option('--wait')
  .option('--secret <text>')
  .option('--header <text>')
  .option('--webhook <file>');

const conform = new Command('conform')
  .option('--oracle-url <url>')
  .option('--oracle-cmd <command>')
  .option('--hook <name=command>');
const serve = new Command('serve').option('--fault <fault>');

describe('options of the library in a message become flags', () => {
  test.each([
    ['of the same name', '`timeScale` 0: expected more', send, '--time-scale 0: expected more'],
    ['of another name', '`url`: expected a URL', send, '--to: expected a URL'],
    [
      'several of them',
      'pass `secrets` and `headers`',
      resume,
      'pass --secret or --webhook and --header or --webhook',
    ],
    ['that several flags give', 'give `oracle`', conform, 'give --oracle-url or --oracle-cmd'],
    ['with a member', 'give `hooks.restart`', conform, 'give --hook restart'],
    ['that a value of a flag gives', 'with `create`', conform, 'with --hook create'],
    ['of a name in the plural', '`faults` 430: expected', serve, '--fault 430: expected'],
    ['those that the command has', 'pass it with `secrets`', send, 'pass it with --secret'],
    ['but not those that it lacks', 'pass `allowRemote`', resume, 'pass `allowRemote`'],
    ['and nothing where no command runs', 'pass `allowRemote`', undefined, 'pass `allowRemote`'],
    ['and nothing else in backticks', '`npm install` of `a-b`', send, '`npm install` of `a-b`'],
  ])('%s', (_, message, command, expected) => {
    expect(inFlags(message, command)).toBe(expected);
  });

  test('an error also says what only this command can do', () => {
    const error = new JournalHeldError('j.db', 7);
    const held = 'j.db: process 7 is working on this journal; end it first';
    expect([errorInFlags(error, resume), errorInFlags(error, send)]).toEqual([
      `${held}, or wait with --wait`,
      held,
    ]);
    expect(errorInFlags(new HookcastError('X', 'pass `secrets`'), resume)).toBe('pass --secret or --webhook');
  });
});

/** Files with flags in their texts, and why. All others name options, which `inFlags` turns into flags. */
const WITH_FLAGS: Readonly<Record<string, string>> = {
  'recording/read/curl.ts': "curl's own flags",
  'text/curl-line.ts': "curl's own flags",
  'text/repeat-command.ts': 'a command line of hookcast',
  'server/views/send-command.ts': 'a command line of hookcast',
  'server/views/server-words.ts':
    'names the option beside the flag: whoever reads it may have started neither',
  'server/create-handler.ts': 'names the option beside the flag: whoever reads it may have started neither',
  'server/api/guard.ts': 'names the option beside the flag: whoever reads it may have started neither',
  'server/routes/conformance-runs.ts': 'the OpenAPI description points to a flag of the command',
  'server/schemas/delivery.ts': 'the OpenAPI description points to flags of the command',
  'scenario/schema.ts': "a JSON schema of files that the command's users write",
  'persona/webhook.ts': "a JSON schema of files that the command's users write",
  'report/conformance/text.ts': 'the text report is what the command prints',
  'report/conformance/remedy.ts': 'reports are what the command writes',
  'report/refusal-hint.ts': 'only the command prints hints',
};

const SRC = new URL('../../src/', import.meta.url);
const library = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter(
  (file) => file.endsWith('.ts') && !/^(?:cli|inspector)\//.test(file),
);

/** Lines whose code holds a flag, not counting comments, CSS and whole command lines of hookcast. */
function linesWithFlags(file: string): string[] {
  const code = readFileSync(new URL(file, SRC), 'utf8').replace(
    /\/\*[^]*?\*\/|^\s*\/\/.*$|var\(--[\w-]+\)|--[\w-]+:/gm,
    '',
  );
  return code
    .split('\n')
    .filter((line) => /(?:^|[\s'"`(])--[a-z]/.test(line.replace(/hookcast [a-z]+ [^'"`]*/, '')));
}

test('a message of the library names no flag, since a caller of the library has none', () => {
  const found = library.filter((file) => linesWithFlags(file).length > 0);
  expect(found.sort()).toEqual(Object.keys(WITH_FLAGS).sort());
});
