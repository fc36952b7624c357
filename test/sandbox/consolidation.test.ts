import { expect, test } from 'vitest';
import { eventsAbout, newInquiry, quietSandbox, TEMPLATE, type Call } from './helpers.ts';

const accountOf = (resource: any): string => resource.relationships.account.data.id;

async function newAccount(call: Call, referenceId: string): Promise<string> {
  const attributes = { 'reference-id': referenceId, 'name-first': referenceId };
  return (await call('POST', '/accounts', { data: { attributes } })).body.data.id;
}

async function twoAccounts() {
  const { sandbox, call } = await quietSandbox();
  const [kept, merged] = [await newAccount(call, 'kept'), await newAccount(call, 'merged')];
  const consolidate = (into: string, ...sources: string[]) =>
    call('POST', `/accounts/${into}/consolidate`, { meta: { 'source-account-ids': sources } });
  return { sandbox, call, kept, merged, consolidate };
}

test('consolidation moves inquiries and reports to the destination, and no attributes', async () => {
  const { sandbox, call, kept, merged, consolidate } = await twoAccounts();
  const inquiry = await newInquiry(call, { 'reference-id': 'merged' });
  const attributes = { 'account-id': merged, query: { term: 'Sample' } };
  const report = (await call('POST', '/reports', { data: { type: 'report/watchlist', attributes } })).body
    .data;
  expect(accountOf(report)).toBe(merged);
  const answer = await consolidate(kept, merged, merged);
  expect([answer.status, answer.body.data.id]).toEqual([202, kept]);
  expect(answer.body.data.attributes.fields.name.value.first.value).toBe('kept');
  await sandbox.advance('2s'); // The report, which was pending, is ready.
  for (const path of [`/inquiries/${inquiry}`, `/reports/${report.id}`])
    expect(accountOf((await call('GET', path)).body.data)).toBe(kept);
  const ids = (await call('GET', `/inquiries?filter[account-id]=${kept}`)).body.data;
  expect(ids.map(({ id }: any) => id)).toEqual([inquiry]);
  expect(await eventsAbout(call, merged)).toEqual(['account.created', 'account.consolidated']);
  expect(await eventsAbout(call, kept)).toEqual(['account.created', 'account.consolidated-with']);
});

test('an account that was consolidated can be read, but no longer used', async () => {
  const { call, kept, merged, consolidate } = await twoAccounts();
  await consolidate(kept, merged);
  expect((await call('GET', `/accounts/${merged}`)).status).toBe(200);
  const create = (attributes: object) =>
    call('POST', '/inquiries', { data: { attributes: { 'inquiry-template-id': TEMPLATE, ...attributes } } });
  const refused = [
    await create({ 'account-id': merged }),
    await create({ 'reference-id': 'merged' }),
    await call('PATCH', `/accounts/${merged}`, { data: { attributes: { 'name-first': 'Jo' } } }),
    await call('POST', `/accounts/${merged}/add-tag`, { meta: { 'tag-name': 'a' } }),
    await consolidate(kept, merged),
    await consolidate(merged, kept),
  ];
  for (const { status, body } of refused)
    expect([status, body.errors[0].details]).toEqual([409, expect.stringContaining(`into ${kept}`)]);
});

test('a consolidation with an invalid account merges none', async () => {
  const { sandbox, call, kept, merged, consolidate } = await twoAccounts();
  expect((await consolidate(kept, merged, 'act_nobody')).status).toBe(404);
  expect((await consolidate(kept, merged, kept)).status).toBe(422);
  expect((await call('POST', `/accounts/${kept}/consolidate`)).status).toBe(400);
  expect(await eventsAbout(call, merged)).toEqual(['account.created']);
  expect((await consolidate(kept, merged)).status).toBe(202);
  await sandbox.reset();
  expect((await call('GET', `/accounts/${merged}`)).status).toBe(404);
});
