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

/** Flags of curl, a schema that describes a file for the command's users, and what the command's reports say. */
const OTHERS = ['recording/read/curl.ts', 'scenario/schema.ts', 'delivery/certificate-faults.ts'];

test.each([
  ...['delivery', 'event', 'fixture', 'http', 'journal', 'load', 'payload', 'queue', 'recording'],
  ...['render', 'sandbox', 'scenario', 'signing', 'simulator', 'webhook'],
])('no message of src/%s names a flag: whoever calls the library has none', (folder) => {
  const root = new URL(`../../src/${folder}/`, import.meta.url);
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  expect(files.length).toBeGreaterThan(0);
  const found = files
    .filter((file) => !OTHERS.includes(`${folder}/${file}`))
    .flatMap((file) => {
      const code = readFileSync(new URL(file, root), 'utf8').replace(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, '');
      return code
        .split('\n')
        .filter((line) => /(?:^|[\s'"`(])--[a-z]/.test(line.replace(/hookcast [a-z]+ [^'"`]*/, '')));
    });
  expect(found).toEqual([]);
});
