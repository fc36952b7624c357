import { mkdir, readdir, readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { startReceiver } from '../../src/receiver/start-receiver.ts';
import { Secret } from '../../src/signing/sign.ts';
import { runCli, session } from '../helpers/run-cli.ts';
import { eventBody, eventSchema, specificationText, webhook } from '../helpers/specification.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const SECRET = 'wbhsec_abcdefgh-1234-5678-9ijk-lmnopqrstuvw';
const example = (name: string) => webhook({ examples: { 'Example Body': { value: eventBody(name) } } });

const GOOD = specificationText({
  'inquiry.approved': example('inquiry.approved'),
  'report/watchlist.ready': example('report/watchlist.ready'),
});

const MIXED = specificationText({
  'inquiry.approved': webhook({ schema: eventSchema('inquiry.approved', { type: 'string' }) }),
  'robot.created': example('robot.created'),
  'inquiry.declined': example('inquiry.failed'),
  '../up': example('../up'),
});

describe('fixtures import', () => {
  test('writes a file per webhook, from which send builds events', async () => {
    await using folder = await temporaryFolder();
    await using receiver = await startReceiver({ secrets: [new Secret(SECRET)] });
    const out = `${folder.path}/new/persona`;
    const run = await runCli(['fixtures', 'import', await folder.write('openapi.json', GOOD), '--out', out]);
    expect(run).toEqual({ code: 0, stdout: `2 fixtures written to ${out}\n`, stderr: '' });
    expect((await readdir(out, { recursive: true })).sort()).toEqual([
      'inquiry.approved.json',
      'report',
      'report/watchlist.ready.json',
    ]);
    expect(await readFile(`${out}/report/watchlist.ready.json`, 'utf8')).toBe(
      `${JSON.stringify(eventBody('report/watchlist.ready'), null, 2)}\n`,
    );

    const names = ['inquiry.approved', 'report/watchlist.ready'];
    const sent = await runCli(['send', ...names, '--fixture', out, '--to', receiver.url, '--secret', SECRET]);
    expect(sent.code).toBe(0);
    const bodies = receiver.received.map(({ body }) => JSON.parse(body.toString()).data.attributes);
    expect(bodies.map(({ name }) => name)).toEqual(names);
    expect(bodies[0].payload.data.id).toBe('inq_1');
  });

  test('says what it skipped and why, what it made up, and what is new', async () => {
    await using folder = await temporaryFolder();
    const out = `${folder.path}/out`;
    const run = await runCli(['fixtures', 'import', await folder.write('openapi.json', MIXED), '--out', out]);
    expect(run).toEqual({
      code: 1,
      stdout: `2 fixtures written to ${out} (2 skipped)\n`,
      stderr: `warning: skipped inquiry.declined, example 'Example Body': it is an example of inquiry.failed
warning: skipped "../up": the name cannot be a file below the folder
1 made up from the schema, since the file has no example
new since this hookcast: robot.created
`,
    });
    expect((await readdir(folder.path)).sort()).toEqual(['openapi.json', 'out']);
    expect((await readdir(out)).sort()).toEqual(['inquiry.approved.json', 'robot.created.json']);
  });

  test('keeps existing files unless --force is given, and names them', async () => {
    await using folder = await temporaryFolder();
    const path = await folder.write('openapi.json', GOOD);
    await folder.write('inquiry.approved.json', 'mine');
    const argv = ['fixtures', 'import', path, '--out', folder.path];
    expect(await runCli(argv)).toEqual({
      code: 2,
      stdout: '',
      stderr: `error: nothing was written, to keep what is there: ${folder.path}/inquiry.approved.json
Choose another folder with --out, or overwrite them with --force.
`,
    });
    expect((await readdir(folder.path)).sort()).toEqual(['inquiry.approved.json', 'openapi.json']);
    expect(await readFile(`${folder.path}/inquiry.approved.json`, 'utf8')).toBe('mine');

    expect(await runCli([...argv, '--force'])).toMatchObject({ code: 0, stderr: '' });
    const written = JSON.parse(await readFile(`${folder.path}/inquiry.approved.json`, 'utf8'));
    expect(JSON.stringify(written)).toContain('"evt_1"'); // What else it holds: test/fixture.
  });

  test('prints no escape sequence that the file may hold', async () => {
    await using folder = await temporaryFolder();
    const examples = { '\u001b[2J': { value: {} } };
    const text = specificationText({ 'inquiry.approved': webhook({ examples }) });
    const argv = [
      'fixtures',
      'import',
      await folder.write('openapi.json', text),
      '--out',
      `${folder.path}/out`,
    ];
    expect((await runCli(argv)).stderr).toBe(
      "warning: skipped inquiry.approved, example '\\u001b[2J': at data: expected an object, found nothing\n",
    );
  });

  test('names a few of many existing files', async () => {
    await using folder = await temporaryFolder();
    const names = ['a.b', 'c.d', 'e.f', 'g.h', 'i.j', 'k.l', 'm.n'];
    const webhooks = Object.fromEntries(names.map((name) => [name, example(name)]));
    const argv = ['fixtures', 'import', await folder.write('o.json', specificationText(webhooks))];
    expect(await runCli([...argv, '--out', folder.path])).toMatchObject({ code: 0 });
    const run = await runCli([...argv, '--out', folder.path]);
    expect(run.stderr.replaceAll(folder.path, 'FOLDER')).toMatchInlineSnapshot(`
      "error: nothing was written, to keep what is there: FOLDER/a.b.json, FOLDER/c.d.json, FOLDER/e.f.json, FOLDER/g.h.json, FOLDER/i.j.json and 2 more
      Choose another folder with --out, or overwrite them with --force.
      "
    `);
  });

  test('writes nothing for a file that is not an OpenAPI document with webhooks', async () => {
    await using folder = await temporaryFolder();
    const files = { 'a.json': '{"paths":{}}', 'b.json': '{"openapi":"3.1.0","paths":{}}' };
    const broken = { 'c.json': 'openapi: 3.1.0', 'd.yaml': 'openapi: 3.1.0' };
    const lines = [];
    for (const [name, text] of Object.entries({ ...files, ...broken })) {
      await folder.write(name, text);
      lines.push(['fixtures', 'import', `${folder.path}/${name}`, '--out', `${folder.path}/out`]);
    }
    expect((await session(lines)).replaceAll(folder.path, 'FOLDER')).toMatchInlineSnapshot(`
      "$ hookcast fixtures import FOLDER/a.json --out FOLDER/out
      error: FOLDER/a.json: at openapi: expected the version of an OpenAPI document, such as "3.1.0", found nothing (this is not Persona's OpenAPI specification)
      exit code 2
      $ hookcast fixtures import FOLDER/b.json --out FOLDER/out
      error: FOLDER/b.json: at webhooks: expected an object with an entry per event, found nothing (the specification describes no webhooks, so there is nothing to import)
      exit code 2
      $ hookcast fixtures import FOLDER/c.json --out FOLDER/out
      error: FOLDER/c.json: at line 1, column 1: expected JSON, found unexpected character 'o'
      exit code 2
      $ hookcast fixtures import FOLDER/d.yaml --out FOLDER/out
      error: FOLDER/d.yaml: expected JSON, and this is YAML; Persona publishes openapi-bundled.json beside it, or make one JSON file of yours: npx @redocly/cli bundle openapi.yaml --output openapi.json
      exit code 2
      "
    `);
    expect((await readdir(folder.path)).toSorted()).toEqual(['a.json', 'b.json', 'c.json', 'd.yaml']);
  });

  test('names a path that cannot be written to', async () => {
    await using folder = await temporaryFolder();
    const file = await folder.write('openapi.json', GOOD);
    const blocked = await runCli(['fixtures', 'import', file, '--out', file]);
    expect(blocked).toMatchObject({ code: 2, stderr: `error: ${file}: this is a file, not a folder\n` });
    await mkdir(`${folder.path}/inquiry.approved.json`);
    const inTheWay = await runCli(['fixtures', 'import', file, '--out', folder.path, '--force']);
    expect(inTheWay.stderr).toBe(
      `error: ${folder.path}/inquiry.approved.json: a folder of that name is in the way\n`,
    );
  });

  test('says what is missing when --out or the subcommand is left out', async () => {
    expect(await session([['fixtures', 'import', 'a.json'], ['fixtures']])).toMatchInlineSnapshot(`
      "$ hookcast fixtures import a.json
      error: required option '--out <dir>' not specified
      (see: hookcast fixtures import --help)
      exit code 2
      $ hookcast fixtures
      Usage: hookcast fixtures [options] [command]

      Make fixtures from your own copy of Persona's OpenAPI specification.

      Options:
        -h, --help                       display help for command

      Commands:
        import [options] <openapi.json>  write a fixture per webhook that an OpenAPI
                                         document describes
        help [command]                   explain a command

      Examples:
        $ hookcast fixtures import openapi-bundled.json --out persona-fixtures

      Docs: docs/fixtures.md

      exit code 2
      "
    `);
  });
});
