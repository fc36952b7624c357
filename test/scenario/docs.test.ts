import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { loadScenario } from '../../src/scenario/load.ts';
import { library } from '../helpers/fixtures.ts';
import { runCli } from '../helpers/run-cli.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const page = await readFile(new URL('../../docs/scenarios.md', import.meta.url), 'utf8');

test('the page lists the scenarios as the command does', async () => {
  const rows = page.match(/^\| `[a-z][a-z-]+` .*$/gm)?.map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('`', '')),
  );
  const { stdout } = await runCli(['scenario', '--list']);
  const printed = stdout
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.split(/ {2,}/));
  expect(rows).toEqual(printed);
});

test("the page's own scenario is one", async () => {
  await using folder = await temporaryFolder();
  const example = /```json\n(.*?)```/s.exec(page)?.[1] ?? '';
  const file = await folder.write('my-scenario.json', example);
  await folder.write(
    'declined.json',
    JSON.stringify({
      trigger: 'Somebody thought again.',
      extends: 'inquiry.approved',
      data: { attributes: { status: 'declined', 'decisioned-at': '2024-05-13T14:05:30.000Z' } },
      'created-at': '2024-05-13T14:05:31.598Z',
    }),
  );
  const { steps } = await loadScenario(file, library);
  expect(steps.map(({ event }) => event)).toEqual([
    'inquiry.created',
    'inquiry.completed',
    'inquiry.approved',
    'inquiry.declined',
  ]);
});
