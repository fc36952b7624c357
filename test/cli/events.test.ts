import { describe, expect, test } from 'vitest';
import { FIXTURE_NAMES } from '../../src/fixture/catalogue.ts';
import { EVENT_NAMES } from '../../src/persona/event-names.ts';
import { runCli } from '../helpers/run-cli.ts';

describe('events', () => {
  test('prints a heading per family and a row per event with its trigger and its object', async () => {
    const run = await runCli(['events', 'selfie']);
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.stdout).toMatchInlineSnapshot(`
      "selfie
        selfie.created    The selfie step opened, no picture has arrived yet.
                          [selfie/profile-and-center]
        selfie.submitted  The person sent in the pictures of the selfie.
                          [selfie/profile-and-center]
        selfie.processed  Persona finished its work on the pictures.
                          [selfie/profile-and-center]
        selfie.errored    Persona could not work with the pictures.
                          [selfie/profile-and-center]
      "
    `);
  });

  test('matches a pattern with stars, or any part of a name', async () => {
    const names = async (pattern: string) =>
      JSON.parse((await runCli(['events', pattern, '--json'])).stdout).map(
        (row: { name: string }) => row.name,
      );
    expect(await names('report/*.matched')).toEqual([
      'report/adverse-media.matched',
      'report/business-adverse-media.matched',
      'report/business-watchlist.matched',
      'report/crypto-address-watchlist.matched',
      'report/politically-exposed-person.matched',
      'report/watchlist.matched',
    ]);
    expect(await names('INQUIRY.app')).toEqual(['inquiry.approved']);
    expect(await names('inquiry.*tags')).toEqual(['inquiry.updated-tags']);
    expect(await names('*')).toEqual(FIXTURE_NAMES);
  });

  test('marks events without a fixture under --all', async () => {
    expect((await runCli(['events', 'sar.'])).stdout).toBe('');
    const run = await runCli(['events', 'transaction-type', '--all']);
    expect(run.stdout).toMatchInlineSnapshot(`
      "transaction-type
        transaction-type.deleted-field  A field was deleted from the transaction type;
                                        field-schemas lists those that are left.
      "
    `);
    const family = await runCli(['events', 'inquiry.reusable', '--all']);
    expect(family.stdout).toMatchInlineSnapshot(`
      "inquiry
        inquiry.reusable-persona-created           The person saved what was verified
                                                   for reuse in a later inquiry.
        inquiry.reusable-persona-used              A new inquiry was verified with
                                                   what the person had saved earlier.
        inquiry.reusable-persona-assurance-failed  no fixture
        inquiry.reusable-persona-updated           no fixture
      "
    `);
  });

  test('says how many events have no fixture', async () => {
    const run = await runCli(['events']);
    expect(run.stderr).toBe('119 more can be sent with --fixture <file>; list them with --all\n');
    expect((await runCli(['events', '--all'])).stderr).toBe('');
  });

  test('puts the text below the name on a narrow terminal', async () => {
    const run = await runCli(['events', 'document.e'], { columns: 40, isTty: true });
    expect(run.stdout).toMatchInlineSnapshot(`
      "document
        document.extracted
            Persona read a government ID that
            no verification was asked to
            judge. [document/government-id]
        document.errored
            Persona could not read the
            document. [document/generic]
      "
    `);
  });

  test.each([60, 80, 120])('prints no line longer than %i columns', async (columns) => {
    const { stdout } = await runCli(['events', '--all'], { columns });
    expect(stdout.split('\n').filter((line) => line.length > columns)).toEqual([]);
  });

  test('prints every name once, in one piece', async () => {
    const { stdout } = await runCli(['events', '--all']);
    const names = stdout.split('\n').flatMap((line) => /^ {2}([a-z]\S+)/.exec(line)?.[1] ?? []);
    expect(names.sort()).toEqual([...EVENT_NAMES].sort());
  });

  test('prints one JSON list with --json', async () => {
    const rows = JSON.parse((await runCli(['events', '--all', '--json'])).stdout);
    expect(rows).toHaveLength(249);
    const named = (name: string) => rows.find((row: { name: string }) => row.name === name);
    expect(named('report/sentilink-scores.ready')).toEqual({
      name: 'report/sentilink-scores.ready',
      family: 'report/sentilink-scores',
      fixture: true,
      type: 'report/integration/sentilink-scores',
      trigger: expect.stringMatching(/^[A-Z].*\.$/),
    });
    expect(named('sar.created')).toEqual({ name: 'sar.created', family: 'sar', fixture: false });
  });

  test.each([
    ['reprot/*', "unknown event 'reprot/*'; did you mean report?"],
    ['inquiry.aproved', "unknown event 'inquiry.aproved'; did you mean inquiry.approved?"],
    ['acount', "unknown event 'acount'; did you mean account?"],
    ['zzzzzzzz*', "unknown event 'zzzzzzzz*'"],
  ])('refuses %s, which matches no name', async (pattern, message) => {
    expect(await runCli(['events', pattern])).toEqual({
      code: 2,
      stdout: '',
      stderr: `error: ${message}\nAll names: hookcast events --all\n`,
    });
  });
});
