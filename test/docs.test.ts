import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { Secret } from '../src/signing/sign.ts';
import { startReceiver } from '../src/receiver/start-receiver.ts';
import { runCli } from './helpers/run-cli.ts';
import { eventBody, specificationText, webhook } from './helpers/specification.ts';
import { temporaryFolder, type TemporaryFolder } from './helpers/temporary-folder.ts';

const SECRET = 'wbhsec_abcdefgh-1234-5678-9ijk-lmnopqrstuvw';

test('docs/fixtures.md: every command does what the page says, with the files that it shows', async () => {
  await using folder = await temporaryFolder();
  await using receiver = await startReceiver({ secrets: [new Secret(SECRET)] });
  const page = await readFile(new URL('../docs/fixtures.md', import.meta.url), 'utf8');
  const files = await writeFiles(page, folder);
  const place = (word: string) =>
    files.includes(word) ? `${folder.path}/${word}` : word.replace('http://localhost:3000', receiver.url);
  const outputs = new Map<string, string>();
  for (const command of commandsOf(page)) {
    const run = await runCli(wordsOf(command).slice(1).map(place), {
      env: { PERSONA_WEBHOOK_SECRET: SECRET },
    });
    expect({ command, ...run }).toMatchObject({ command, code: 0 });
    outputs.set(command, run.stdout);
  }
  expect(outputs.size).toBe(16);
  const outputOf = (part: string) => [...outputs].find(([command]) => command.includes(part))?.[1] ?? '';
  expect(outputOf('name-last')).toContain('"value":"Doe"');
  expect(outputOf('name-last')).toContain('"tags":["vip"]');
  expect(outputOf('fields.plan')).toContain('"plan":{"type":"string","value":"gold"}');
  expect(outputOf('fields.plan')).not.toContain('"behaviors"');
  expect(outputOf('ip-address')).toContain('"ip-address":"203.0.113.7"');
  expect(outputOf('--reference-id').match(/"reference-id":"user-42"/g)).toHaveLength(2);
  expect(outputOf('--id inq_')).toContain('"id":"inq_2CVZ4HyVg7qaboXz2PUHknAn"');
  expect(outputOf('--keep')).toContain('"completed-at":"2024-05-06T14:02:12.000Z"');
  expect(outputOf('inquiry.json')).toContain('"name":"inquiry.declined"');
  expect(outputOf('gold.json')).toContain('"plan":{"type":"string","value":"gold"}');
  expect(receiver.received.map(({ verification }) => verification.kind)).toEqual(Array(6).fill('valid'));
});

function commandsOf(page: string): string[] {
  const blocks = [...page.matchAll(/```sh\n(.*?)```/gs)].map((match) => match[1] ?? '');
  return blocks.flatMap((block) => block.trim().split('\n'));
}

/** Words of a POSIX command line with nothing but single quotes in it. */
function wordsOf(command: string): string[] {
  return (command.match(/(?:'[^']*'|[^\s'])+/g) ?? []).map((word) => word.replaceAll("'", ''));
}

/** The files that the page shows, and one that stands for Persona's. Returns their names. */
async function writeFiles(page: string, folder: TemporaryFolder): Promise<string[]> {
  const shown = [...page.matchAll(/^`(\S+)`:\n\n```json\n(.*?)```/gms)];
  for (const [, name = '', content = ''] of shown) await folder.write(name, content);
  const names = ['inquiry.approved', 'report/watchlist.ready'];
  const webhooks = names.map((name) => [name, webhook({ example: eventBody(name) })]);
  await folder.write('openapi-bundled.json', specificationText(Object.fromEntries(webhooks)));
  return [...shown.map(([, name = '']) => name), 'openapi-bundled.json', 'persona-fixtures'];
}
