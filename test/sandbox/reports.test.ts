import { expect, test } from 'vitest';
import { REPORT_TYPES } from '../../src/sandbox/requests/report.ts';
import { eventsAbout, newInquiry, quietSandbox, type Call } from './helpers.ts';

test.each(REPORT_TYPES)('report/%s: pending, and later ready with its event', async (type) => {
  const { sandbox, call } = await quietSandbox();
  const needed = ['term', 'business-name', 'crypto-address', 'email-address', 'phone-number'];
  const address = ['street-1', 'city', 'subdivision', 'postal-code', 'country-code'].map(
    (n) => `address-${n}`,
  );
  const person = ['name-first', 'name-last', 'birthdate', ...address, ...needed];
  const ask = (names: readonly string[]) =>
    call('POST', '/reports', {
      data: {
        type: `report/${type}`,
        attributes: { 'reference-id': 'p1', query: Object.fromEntries(names.map((name) => [name, 'X'])) },
      },
    });
  // The refusal names one that is not known; what is left is what the type asks for.
  let names: readonly string[] = person;
  let answer = await ask(names);
  while (answer.status === 400) {
    const unknown = /query\.([\w-]+) is not allowed/.exec(answer.body.errors[0].details)?.[1];
    expect(unknown, answer.body.errors[0].details).toBeDefined();
    names = names.filter((name) => name !== unknown);
    answer = await ask(names);
  }
  expect(answer.status).toBe(201);
  const { id, attributes, relationships } = answer.body.data;
  expect(attributes).toMatchObject({ status: 'pending', 'has-match': false });
  expect(relationships.account.data.id).toMatch(/^act_/);
  await sandbox.advance('2s');
  const { data } = (await call('GET', `/reports/${id}`)).body;
  expect([data.type, data.attributes.status]).toEqual([`report/${type}`, 'ready']);
  expect(await eventsAbout(call, id)).toEqual([`report/${type}.ready`]);
  const filter = `filter[account-id]=${String(relationships.account.data.id)}`;
  expect((await call('GET', `/reports?${filter}`)).body.data).toEqual([data]);
});

test('a report repeats what it was asked about', async () => {
  const { call } = await quietSandbox();
  const { body } = await call('POST', '/reports', {
    data: { type: 'report/watchlist', attributes: { query: { 'name-first': 'Jo', 'name-last': 'Doe' } } },
    meta: { 'auto-create-account': false },
  });
  expect(body.data.attributes).toMatchObject({ 'name-first': 'Jo', 'name-last': 'Doe' });
  expect(body.data.relationships.account.data).toBeNull();
});

const newReport = async (call: Call, attributes: object = {}) => {
  const query = { 'name-first': 'Jo', 'name-last': 'Doe' };
  const data = { type: 'report/watchlist', attributes: { query, ...attributes } };
  return (await call('POST', '/reports', { data })).body.data;
};

test('tags of a report change without an event, and stay when it becomes ready', async () => {
  const { sandbox, call } = await quietSandbox();
  const { id } = await newReport(call);
  const change = async (path: string, meta: object) =>
    (await call('POST', `/reports/${id}/${path}`, { meta })).body.data.attributes.tags;
  expect(await change('add-tag', { 'tag-name': 'a' })).toEqual(['a']);
  expect(await change('set-tags', { 'tag-name': ['b', 'c'] })).toEqual(['b', 'c']);
  expect(await change('remove-tag', { 'tag-name': 'b' })).toEqual(['c']);
  expect((await call('POST', `/reports/${id}/add-tag`)).status).toBe(422);
  await sandbox.advance('2s');
  const { attributes } = (await call('GET', `/reports/${id}`)).body.data;
  expect([attributes.status, attributes.tags]).toEqual(['ready', ['c']]);
  expect(attributes).not.toHaveProperty('updated-at');
  expect(await eventsAbout(call, id)).toEqual(['report/watchlist.ready']);
});

test('a report runs again: it keeps what it found, is completed later, and sends its event again', async () => {
  const hints: string[] = [];
  const { sandbox, call } = await quietSandbox({ onHint: (hint) => hints.push(hint) });
  const { id } = await newReport(call);
  const run = () => call('POST', `/reports/${id}/run`);
  const pending = await run();
  expect([pending.status, pending.body.errors[0].details]).toEqual([
    409,
    expect.stringContaining('The report is pending'),
  ]);
  await sandbox.advance('2s');
  const first = (await call('GET', `/reports/${id}`)).body.data;
  const again = await run();
  expect([again.status, again.body.data]).toEqual([200, first]);
  await sandbox.advance('2s');
  const second = (await call('GET', `/reports/${id}`)).body.data;
  expect(second.attributes).toEqual({ ...first.attributes, 'completed-at': '2026-01-31T12:00:04.000Z' });
  expect(await eventsAbout(call, id)).toEqual(['report/watchlist.ready', 'report/watchlist.ready']);
  expect(hints).toEqual(expect.arrayContaining([expect.stringContaining('monitored continuously')]));
});

test('a redacted report has no value left, never becomes ready, and no longer changes', async () => {
  const { sandbox, call } = await quietSandbox();
  const { id } = await newReport(call);
  await call('POST', `/reports/${id}/add-tag`, { meta: { 'tag-name': 'vip' } });
  const redacted = await call('DELETE', `/reports/${id}`);
  expect(redacted.status).toBe(200);
  await sandbox.advance('2s');
  const { attributes } = (await call('GET', `/reports/${id}`)).body.data;
  expect(attributes).toEqual(redacted.body.data.attributes);
  expect(attributes).toMatchObject({
    'name-first': null,
    tags: [],
    'redacted-at': '2026-01-31T12:00:00.000Z',
  });
  expect(JSON.stringify(attributes)).not.toMatch(/Jo|Doe|vip/);
  for (const path of ['', '/run', '/add-tag', '/set-tags']) {
    const method = path === '' ? 'DELETE' : 'POST';
    const body = path.endsWith('tag') ? { meta: { 'tag-name': 'a' } } : undefined;
    expect((await call(method, `/reports/${id}${path}`, body)).status, path).toBe(409);
  }
  expect(await eventsAbout(call, id)).toEqual([]);
});

test('redacting an account redacts its reports', async () => {
  const { sandbox, call } = await quietSandbox();
  const { id, relationships } = await newReport(call, { 'reference-id': 'p1' });
  await newInquiry(call, { 'reference-id': 'p1' });
  await sandbox.advance('2s');
  await call('DELETE', `/accounts/${relationships.account.data.id}`);
  const { attributes } = (await call('GET', `/reports/${id}`)).body.data;
  expect(attributes['redacted-at']).not.toBeNull();
  expect(JSON.stringify(attributes)).not.toMatch(/Jo|Doe/);
});
