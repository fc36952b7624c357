import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../src/event/seeded-random.ts';
import type { Event } from '../../src/event/build.ts';
import { payloadOf } from '../../src/fixture/envelope.ts';
import { stringAt, toValue } from '../../src/json/node.ts';
import { buildScenario } from '../../src/scenario/build.ts';
import { loadScenario } from '../../src/scenario/load.ts';
import { AT_MS, library } from '../helpers/fixtures.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

/** Loads a scenario of one's own that has these steps. */
async function load(steps: readonly object[], files: Readonly<Record<string, object>> = {}) {
  await using folder = await temporaryFolder();
  await mkdir(join(folder.path, 'parts'));
  for (const [name, content] of Object.entries(files)) await folder.write(name, JSON.stringify(content));
  const file = await folder.write('own.json', JSON.stringify({ description: 'mine', steps }));
  return await loadScenario(file, library);
}

const build = async (...args: Parameters<typeof load>) =>
  buildScenario(await load(...args), { beginMs: AT_MS, random: seededRandom(1) });

const inquiryTime = ({ document }: Event, key: string) =>
  Date.parse(stringAt(payloadOf(document), 'data', 'attributes', key) ?? '') - AT_MS;

describe('the time line', () => {
  test('keeps the distances of the story, to the millisecond', async () => {
    const { steps } = await load([{ event: 'inquiry.created' }, { event: 'inquiry.completed' }]);
    expect(steps.map(({ offsetMs }) => offsetMs)).toEqual([0, 132_672]);
  });

  test('after: the distance given, and times that are not a step of the story stay where they were', async () => {
    const [created, completed, approved] = await build([
      { event: 'inquiry.created' },
      { event: 'inquiry.completed', after: '1h' },
      { event: 'inquiry.approved', after: '2d' },
    ]);
    const hour = 3_600_000;
    expect(completed!.createdAtMs - AT_MS).toBe(hour);
    expect(approved!.createdAtMs - AT_MS).toBe(49 * hour);
    // AT_MS is 12:00:00.250; whole seconds are rounded down, so that they stay such.
    for (const event of [created!, completed!, approved!])
      expect(inquiryTime(event, 'created-at')).toBe(-1_250);
    for (const event of [completed!, approved!])
      expect(inquiryTime(event, 'completed-at')).toBe(hour - 2_250);
    expect(inquiryTime(approved!, 'decisioned-at')).toBe(49 * hour - 2_250);
    expect(inquiryTime(created!, 'expires-at')).toBe(24 * hour - 1_250);
  });

  test('a distance shorter than that of the story puts nothing before what came first', async () => {
    const [, approved] = await build([
      { event: 'inquiry.created' },
      { event: 'inquiry.approved', after: '1s' },
    ]);
    expect(inquiryTime(approved!, 'created-at')).toBe(-1_250);
    for (const key of ['started-at', 'completed-at', 'decisioned-at']) {
      expect(inquiryTime(approved!, key)).toBeGreaterThanOrEqual(-250);
      expect(inquiryTime(approved!, key)).toBeLessThanOrEqual(1_000);
    }
  });

  test('the same event twice: the second is a new event', async () => {
    const [first, , again] = await build([
      { event: 'case.resolved' },
      { event: 'case.reopened' },
      { event: 'case.resolved', after: '45m' },
    ]);
    expect(inquiryTime(again!, 'resolved-at')).toBe(again!.createdAtMs - AT_MS - 738);
    expect(inquiryTime(again!, 'created-at')).toBe(inquiryTime(first!, 'created-at'));
    expect(again!.id).not.toBe(first!.id);
  });
});

describe('a step', () => {
  test('set changes the event before it is built: its ids become fresh with the others', async () => {
    const report = { type: 'report/watchlist', id: 'rep_WatchListSampLeSampLeSam' };
    const [approved, matched] = await build([
      {
        event: 'inquiry.approved',
        set: { 'data.relationships.reports.data': [report], 'fields.name-last.value': 'O’Neill' },
      },
      { event: 'report/watchlist.matched' },
    ]);
    const payload = toValue(payloadOf(approved!.document)!) as any;
    const id = stringAt(payloadOf(matched!.document), 'data', 'id');
    expect(payload.data.relationships.reports.data).toEqual([{ type: 'report/watchlist', id }]);
    expect(id).not.toBe(report.id);
    expect(payload.data.attributes.fields['name-last'].value).toBe('O’Neill');
  });

  test('fixture: a file beside the scenario, for an event that has none of ours too', async () => {
    const data = {
      type: 'account',
      id: 'act_AccountSampLeSampLeSampL',
      attributes: { 'created-at': '2024-05-06T14:10:00.000Z' },
    };
    const [, updated] = await build(
      [{ event: 'inquiry.created' }, { event: 'case.updated', fixture: 'parts/mine.json' }],
      { 'parts/mine.json': { data } },
    );
    expect(updated!.name).toBe('case.updated');
    expect(updated!.createdAtMs - AT_MS).toBe(598_882);
  });
});

test('the reference id is set on every inquiry and account, not on what has been redacted', async () => {
  const scenario = await loadScenario('redaction', library);
  const options = { beginMs: AT_MS, random: seededRandom(1), referenceId: 'user-1' };
  const texts = buildScenario(scenario, options).map(({ document }) => JSON.stringify(toValue(document)));
  expect(texts.map((text) => text.match(/"reference-id":(?:null|"[^"]*")/g))).toEqual([
    ['"reference-id":"user-1"', '"reference-id":"user-1"'],
    ['"reference-id":"user-1"'],
    ['"reference-id":"user-1"', '"reference-id":"user-1"'],
    ['"reference-id":null', '"reference-id":null'],
    ['"reference-id":null'],
  ]);
});

test('a reference id is refused where no object could have it', async () => {
  const scenario = await load([{ event: 'graph-query.completed' }]);
  const options = { beginMs: AT_MS, random: seededRandom(1), referenceId: 'user-1' };
  expect(() => buildScenario(scenario, options)).toThrow(/^`referenceId` user-1: no event of .* has a refer/);
});

describe('faults are reported with file, position, what was expected and what was found', () => {
  test.each([
    ['no steps', [], 'at steps: expected a length of at least 1, found an array of 0'],
    ['no event', [{}], 'at steps[0].event: expected a string, found nothing'],
    [
      'a misspelt member',
      [{ evnt: 'x' }],
      'at steps[0].evnt: expected no such member, found "x" (did you mean event?)',
    ],
    [
      'a stranger',
      [{ event: 'inquiry.created', when: 1 }],
      'at steps[0].when: expected no such member, found 1',
    ],
    [
      'an unknown event',
      [{ event: 'inquiry.aproved' }],
      'at steps[0].event: expected the name of an event, found "inquiry.aproved" (did you mean inquiry.approved?)',
    ],
    [
      'an unknown event like no other',
      [{ event: 'x' }],
      'at steps[0].event: expected the name of an event, found "x" (all names: hookcast events --all)',
    ],
    [
      'an event without a body',
      [{ event: 'case.updated' }],
      'at steps[0]: expected a "fixture" of your own for case.updated, found none (Persona lists the event but documents no body for it)',
    ],
    [
      'no duration',
      [{ event: 'inquiry.created' }, { event: 'inquiry.started', after: '2 min' }],
      'at steps[1].after: expected a duration such as 250ms, 30s, 2m or 1.5h, found "2 min"',
    ],
    [
      'after at the beginning',
      [{ event: 'inquiry.created', after: '2m' }],
      'at steps[0].after: expected no such member, found a duration (the scenario begins with its first step)',
    ],
    [
      'a step back in time',
      [{ event: 'inquiry.approved' }, { event: 'inquiry.created' }],
      'at steps[1]: expected an "after", found none (by its fixture inquiry.created happens before inquiry.approved; say how long after it, e.g. "after": "2m")',
    ],
    [
      'a path that leads nowhere',
      [{ event: 'inquiry.created', set: { statsu: 'x' } }],
      'at steps[0].set: expected paths that inquiry.created has, found "statsu" (nearest: status)',
    ],
  ])('%s', async (_, steps, message) => {
    const failure = await load(steps).catch((error: unknown) => error);
    expect(String(failure)).toMatch(/^ContentError: .*own\.json: /);
    expect(String(failure).replace(/^.*own\.json: /, '')).toBe(message);
  });

  test('a fixture that is not there', async () => {
    const steps = [{ event: 'inquiry.created', fixture: 'parts/none.json' }];
    await expect(load(steps)).rejects.toMatchObject({
      code: 'FILE',
      message: expect.stringMatching(/parts[/\\]none\.json: there is no such file$/),
    });
  });

  test('an unknown scenario', async () => {
    await expect(loadScenario('inquiry-aproved', library)).rejects.toMatchObject({
      code: 'UNKNOWN_NAME',
      nearest: ['inquiry-approved'],
    });
  });
});
