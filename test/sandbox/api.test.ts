import { expect, test } from 'vitest';
import { INQUIRY_STATUSES } from '../../src/persona/inquiry-operations.ts';
import { DEVELOPMENT_SECRET } from '../../src/signing/sign.ts';
import {
  DATABASE,
  DOCUMENT,
  eventsAbout,
  GOVERNMENT_ID,
  newInquiry,
  quietSandbox,
  SELFIE,
  simulate,
  TEMPLATE,
} from './helpers.ts';

test('pages: newest first, relative links both ways, and nothing left out', async () => {
  const { call } = await quietSandbox();
  const ids: string[] = [];
  for (let count = 0; count < 5; count += 1) ids.unshift(await newInquiry(call));
  const seen: string[] = [];
  let path: string | null = '/inquiries?page[size]=2';
  const pages: any[] = [];
  while (path !== null) {
    const { body }: any = await call('GET', path);
    seen.push(...body.data.map(({ id }: any) => id));
    pages.push(body.links);
    path = body.links.next?.replace('/api/v1', '') ?? null;
  }
  expect(seen).toEqual(ids);
  expect(pages.map(({ prev, next }) => [prev !== null, next !== null])).toEqual([
    [false, true],
    [true, true],
    [true, false],
  ]);
  const back = await call('GET', pages[2].prev.replace('/api/v1', ''));
  expect(back.body.data.map(({ id }: any) => id)).toEqual(ids.slice(2, 4));
});

test('include, fields and Key-Inflection', async () => {
  const { call } = await quietSandbox();
  const id = await newInquiry(call, { 'reference-id': 'a' });
  const query = 'include=account&fields[inquiry]=status,reference-id';
  const { body } = await call('GET', `/inquiries/${id}?${query}`, undefined, { 'Key-Inflection': 'camel' });
  expect(body.data.attributes).toEqual({ status: 'created', referenceId: 'a' });
  expect(body.included.map(({ type }: any) => type)).toEqual(['account']);
  const bare = await call('GET', `/inquiries/${id}`);
  expect(bare.body).not.toHaveProperty('included');
  const old = await call('GET', `/inquiries/${id}`, undefined, { 'Persona-Version': '2023-01-05' });
  expect(old.body.included).toEqual([]);
});

test('idempotency: the same answer for a day, and another request with the key is refused', async () => {
  const { sandbox, call } = await quietSandbox();
  const body = { data: { attributes: { 'inquiry-template-id': TEMPLATE } } };
  const key = { 'Idempotency-Key': 'k1' };
  const first = await call('POST', '/inquiries', body, key);
  const again = await call('POST', '/inquiries', body, key);
  expect(again.status).toBe(201);
  expect(again.body).toEqual(first.body);
  const other = await call('POST', '/inquiries', { ...body, meta: { 'auto-create-account': false } }, key);
  expect(other.status).toBe(409);
  await sandbox.advance('24h');
  const later = await call('POST', '/inquiries', body, key);
  expect(later.body.data.id).not.toBe(first.body.data.id);
});

test('one advance of the clock: the inquiry expires, the link is used up by time, the old secret ends', async () => {
  const { sandbox, call } = await quietSandbox();
  const attributes = { name: 'a', url: 'http://localhost:9/', 'enabled-events': ['inquiry.created'] };
  const { body: webhook } = await call('POST', '/webhooks', { data: { attributes } });
  const rotated = await call('POST', `/webhooks/${webhook.data.id}/rotate-secret`, {
    meta: { 'expires-in-seconds': 7200 },
  });
  expect(rotated.body.data.attributes.secrets).toEqual([
    { value: expect.stringMatching(/^wbhsec_/), 'expires-at': null },
    { value: webhook.data.attributes.secret, 'expires-at': '2026-01-31T14:00:00.250Z' },
  ]);
  const id = await newInquiry(call, {}, { 'auto-create-one-time-link': true });
  const link = await call('POST', `/inquiries/${id}/generate-one-time-link`);
  expect((await call('POST', `/inquiries/${id}/generate-one-time-link`)).body.meta).toEqual(link.body.meta);
  await sandbox.advance('24h');
  expect((await call('GET', `/inquiries/${id}`)).body.data.attributes.status).toBe('expired');
  const page = await sandbox.fetch(link.body.meta['one-time-link']);
  expect(page.status).toBe(410);
  const fresh = await call('POST', `/inquiries/${id}/generate-one-time-link`);
  expect(fresh.body.meta['one-time-link']).not.toBe(link.body.meta['one-time-link']);
});

test('the hosted page: pass, and back to the app with what it needs', async () => {
  const { sandbox, call } = await quietSandbox();
  const attributes = { 'reference-id': 'p1', 'redirect-uri': 'https://app.example.com/done?a=1' };
  const id = await newInquiry(call, attributes);
  const { body } = await call('POST', `/inquiries/${id}/generate-one-time-link`);
  const page = await sandbox.fetch(body.meta['one-time-link-short']);
  const html = await page.text();
  expect(page.headers.get('content-security-policy')).toMatch(
    /^default-src 'none'; .*form-action 'self' https:\/\/app\.example\.com;/,
  );
  expect(html).not.toMatch(/https?:\/\//);
  expect([...html.matchAll(/<button [^>]*>([^<]+)/g)].map(([, label]) => label)).toEqual([
    'Pass',
    'Fail',
    'Needs review',
    'Abandon',
  ]);
  const token = /name="session-token" value="([^"]+)"/.exec(html)?.[1] ?? '';
  const press = (name: string, headers: Record<string, string> = {}) =>
    sandbox.fetch(`${sandbox.url}/verify`, {
      method: 'POST',
      headers,
      body: new URLSearchParams({ 'session-token': token, do: name }),
      redirect: 'manual',
    });
  expect((await press('pass', { 'Sec-Fetch-Site': 'cross-site' })).status).toBe(403);
  const done = await press('pass');
  expect(done.headers.get('location')).toBe(
    `https://app.example.com/done?a=1&inquiry-id=${id}&status=approved&reference-id=p1`,
  );
  expect((await sandbox.fetch(body.meta['one-time-link-short'])).status).toBe(410);
  const { body: events } = await call('GET', `/events?filter[object-id]=${id}`);
  expect(events.data.map(({ attributes }: any) => attributes.name)).toEqual([
    'inquiry.approved',
    'inquiry.completed',
    'inquiry.started',
    'inquiry.created',
  ]);
});

test('files open with a fresh token, and with no expired or foreign one', async () => {
  const { sandbox, call } = await quietSandbox();
  const id = await newInquiry(call);
  await simulate(call, id, `create_passed_verification ${GOVERNMENT_ID}`);
  const { body } = await call('GET', `/inquiries/${id}?include=documents`);
  const url: string = body.included[0].attributes['front-photo'].url;
  const image = await sandbox.fetch(url);
  expect([image.status, image.headers.get('content-type')]).toEqual([200, 'image/png']);
  expect(
    Buffer.from(await image.arrayBuffer())
      .subarray(1, 4)
      .toString(),
  ).toBe('PNG');
  expect((await sandbox.fetch(url.replace('front.jpg', 'back.jpg'))).status).toBe(403);
  expect((await sandbox.fetch(`${sandbox.url}/files/front.jpg`)).status).toBe(403);
  await sandbox.advance('6h');
  expect((await sandbox.fetch(url)).status).toBe(403);
});

/** [template, type of the verification, events of what is handed in, path of the verification] */
const KINDS: readonly (readonly [string, string, string | undefined, string])[] = [
  [GOVERNMENT_ID, 'verification/government-id', 'document', '/verification/government-ids'],
  [DOCUMENT, 'verification/document', 'document', '/verification/documents'],
  [SELFIE, 'verification/selfie', 'selfie', '/verification/selfies'],
  [DATABASE, 'verification/database', undefined, '/verification/databases'],
];

test.each(KINDS)('%s: what is handed in, and then the verification', async (template, type, proof, path) => {
  const { call } = await quietSandbox();
  for (const result of ['passed', 'failed']) {
    const id = await newInquiry(call, { fields: { 'name-last': 'Doe' } });
    await simulate(call, id, `create_${result}_verification ${template}`);
    const { data } = (await call('GET', `/inquiries/${id}`)).body;
    const verification = data.relationships.verifications.data[0];
    expect(verification.type).toBe(type);
    const read = (await call('GET', `${path}/${verification.id}`)).body.data;
    expect(read.attributes.status).toBe(result);
    expect(read.relationships['verification-template'].data.id).toBe(template);
    const events = ['created', 'submitted', result].map((name) => `verification.${name}`);
    expect(await eventsAbout(call, verification.id)).toEqual(events);
    const handedIn = [...data.relationships.documents.data, ...data.relationships.selfies.data];
    expect(handedIn).toHaveLength(proof === undefined ? 0 : 1);
    if (proof === undefined) continue;
    const proofEvents = ['created', 'submitted', 'processed'].map((name) => `${proof}.${name}`);
    expect(await eventsAbout(call, handedIn[0].id)).toEqual(proofEvents);
  }
});

test('a database verification holds what the person entered', async () => {
  const { call } = await quietSandbox();
  const id = await newInquiry(call, { fields: { 'name-last': 'Doe', birthdate: '1990-02-03' } });
  await simulate(call, id, `create_failed_verification ${DATABASE}`);
  const { body } = await call('GET', `/inquiries/${id}?include=verifications`);
  const { attributes } = body.included[0];
  expect(attributes).toMatchObject({ 'name-last': 'Doe', birthdate: '1990-02-03', 'name-first': null });
  expect(attributes.checks.map(({ status }: any) => status)).toEqual(['failed', 'passed', 'passed']);
});

test('PATCH of tags sends an event when they change, and none otherwise', async () => {
  const { call } = await quietSandbox();
  const id = await newInquiry(call, { tags: ['a'] });
  const patch = (path: string, attributes: object) => call('PATCH', path, { data: { attributes } });
  await patch(`/inquiries/${id}`, { note: 'only a note' });
  await patch(`/inquiries/${id}`, { tags: ['a'] });
  expect(await eventsAbout(call, id)).toEqual(['inquiry.created']);
  await patch(`/inquiries/${id}`, { tags: ['b', 'c'] });
  const { body } = await call('GET', `/events?filter[object-id]=${id}`);
  expect(body.data[0].attributes).toMatchObject({
    name: 'inquiry.updated-tags',
    context: { 'added-tags': ['b', 'c'], 'removed-tags': ['a'] },
  });
  const account = (await call('POST', '/accounts', { data: { attributes: {} } })).body.data.id;
  await patch(`/accounts/${account}`, { tags: ['vip'], 'name-first': 'Jo' });
  expect(await eventsAbout(call, account)).toEqual([
    'account.created',
    'account.updated-fields',
    'account.updated-tags',
  ]);
});

test('redirect-uri comes from the creation, a PATCH or the link', async () => {
  const { sandbox, call } = await quietSandbox();
  const locationOf = async (id: string, query: string) => {
    const page = await sandbox.fetch(`${sandbox.url}/verify?inquiry-id=${id}${query}`);
    const token = /name="session-token" value="([^"]+)"/.exec(await page.text())?.[1] ?? '';
    const body = new URLSearchParams({ 'session-token': token, do: 'abandon' });
    const left = await sandbox.fetch(`${sandbox.url}/verify`, { method: 'POST', body });
    return left.headers.get('location');
  };
  const attributes = { 'redirect-uri': 'https://app.example.com/a' };
  const created = await newInquiry(call, attributes);
  expect(await locationOf(created, '')).toBe(
    `https://app.example.com/a?inquiry-id=${created}&status=created`,
  );
  const patched = await newInquiry(call, attributes);
  await call('PATCH', `/inquiries/${patched}`, { data: { attributes: { 'redirect-uri': 'myapp://b' } } });
  expect(await locationOf(patched, '')).toBe(`myapp://b?inquiry-id=${patched}&status=created`);
  const cleared = await newInquiry(call, attributes);
  await call('PATCH', `/inquiries/${cleared}`, { data: { attributes: { 'redirect-uri': null } } });
  expect(await locationOf(cleared, '')).toBeNull();
  const linked = await newInquiry(call, attributes);
  expect(await locationOf(linked, `&redirect-uri=${encodeURIComponent('https://app.example.com/c')}`)).toBe(
    `https://app.example.com/c?inquiry-id=${linked}&status=created`,
  );
  const wrong = await newInquiry(call, { 'redirect-uri': 'not a url' });
  expect(await locationOf(wrong, '')).toBeNull();
});

test('the hosted page opens with the id alone until somebody begins, and with no forged token', async () => {
  const { sandbox, call } = await quietSandbox();
  const id = await newInquiry(call);
  const open = (query: string) => sandbox.fetch(`${sandbox.url}/verify?${query}`);
  expect((await open(`inquiry-id=${id}`)).status).toBe(200);
  await simulate(call, id, 'start_inquiry');
  expect((await open(`inquiry-id=${id}`)).status).toBe(410);
  const forged = Buffer.from(JSON.stringify({ sub: id })).toString('base64url');
  expect((await open(`session-token=a.${forged}.b`)).status).toBe(410);
});

test('deliveries to a public address fail, and the sandbox goes on', async () => {
  const { sandbox, call } = await quietSandbox({
    webhooks: [{ url: 'https://93.184.216.34/hook', 'enabled-events': ['inquiry.created'] }],
  });
  await newInquiry(call);
  await sandbox.advance('6d');
  expect(sandbox.deliveries.map(({ state }) => state)).toEqual(['failed']);
  expect((await call('GET', '/inquiries')).status).toBe(200);
});

test('a webhook without a secret signs with the development secret; one made through the API has its own', async () => {
  const { call } = await quietSandbox({ webhooks: [{ url: 'http://localhost:9/' }] });
  const { data } = (await call('GET', '/webhooks')).body;
  const { body } = await call('GET', `/webhooks/${data[0].id}`);
  expect(body.data.attributes.secret).toBe(DEVELOPMENT_SECRET);
});

test('a seed: templates, accounts, inquiries with their ids, transitions; and reset brings it back', async () => {
  const { sandbox, call } = await quietSandbox({
    seed: {
      templates: [{ id: 'itmpl_kyc', name: 'KYC', verificationTemplates: { vtmpl_id: 'government-id' } }],
      accounts: [{ id: 'act_1', referenceId: 'p1', fields: { 'name-first': 'Jo' } }],
      inquiries: INQUIRY_STATUSES.map((status) => ({ id: `inq_${status}`, status, referenceId: 'p1' })),
      transitions: { approve: { approved: 422, declined: 409 } },
    },
  });
  const statuses = async () =>
    Promise.all(
      INQUIRY_STATUSES.map(
        async (status) => (await call('GET', `/inquiries/inq_${status}`)).body.data.attributes.status,
      ),
    );
  expect(await statuses()).toEqual(INQUIRY_STATUSES);
  expect((await call('GET', '/accounts/act_1')).body.data.attributes.fields.name.value.first.value).toBe(
    'Jo',
  );
  const unknown = await call('POST', '/inquiries', {
    data: { attributes: { 'inquiry-template-id': 'itmpl_kyk' } },
  });
  expect([unknown.status, unknown.body.errors[0].details]).toEqual([
    404,
    expect.stringContaining('did you mean itmpl_kyc?'),
  ]);
  expect((await call('POST', '/inquiries/inq_approved/approve')).status).toBe(422);
  expect((await call('POST', '/inquiries/inq_declined/approve')).status).toBe(409);
  await call('DELETE', '/inquiries/inq_pending');
  await sandbox.reset();
  expect(await statuses()).toEqual(INQUIRY_STATUSES);
  expect((await call('GET', '/inquiries/inq_pending')).body.data.attributes['redacted-at']).toBeNull();
});

test('redaction leaves no personal value in the inquiry and what belongs to it', async () => {
  const { call } = await quietSandbox();
  const id = await newInquiry(call, {
    'reference-id': 'ref-1',
    note: 'note-1',
    fields: { 'name-first': 'Jo', plan: 'gold' },
  });
  await simulate(call, id, 'start_inquiry', `create_passed_verification ${GOVERNMENT_ID}`);
  await call('DELETE', `/inquiries/${id}`);
  const { body } = await call('GET', `/inquiries/${id}?include=verifications,documents,sessions`);
  const text = JSON.stringify([body.data.attributes, body.included.map(({ attributes }: any) => attributes)]);
  for (const personal of ['ref-1', 'note-1', '"Jo"', 'gold', 'SAMPLE', 'I1234562', '1977-07-17', 'front.jpg'])
    expect(text).not.toContain(personal);
  expect((await call('DELETE', `/inquiries/${id}`)).status).toBe(409);
});

test('webhook events: one for each event and webhook, found by their status', async () => {
  const { call } = await quietSandbox();
  const attributes = {
    name: 'a',
    url: 'http://localhost:9/',
    'enabled-events': ['inquiry.created'],
    'payload-filter': { data: { attributes: { status: 'approved' } } },
  };
  const { body } = await call('POST', '/webhooks', { data: { attributes } });
  expect(body.data.attributes.status).toBe('disabled');
  await newInquiry(call);
  await call('POST', `/webhooks/${body.data.id}/enable`);
  await newInquiry(call);
  const search = (status: string) =>
    call('POST', '/webhook-events/search', { query: { attribute: 'status', operator: 'eq', value: status } });
  expect((await search('skipped')).body.data.map((event: any) => event.attributes['event-name'])).toEqual([
    'inquiry.created',
  ]);
  expect((await search('completed')).body.data).toEqual([]);
});

test('webhook events are sorted as every other search is', async () => {
  const { call } = await quietSandbox();
  for (const name of ['a', 'b']) {
    const attributes = { name, url: 'http://localhost:9/', 'enabled-events': ['inquiry.created'] };
    const { body } = await call('POST', '/webhooks', { data: { attributes } });
    await call('POST', `/webhooks/${body.data.id}/enable`);
  }
  await newInquiry(call);
  const sorted = async (direction: 'asc' | 'desc') => {
    const { body } = await call('POST', '/webhook-events/search', { sort: { attribute: 'id', direction } });
    return body.data.map(({ id }: any) => id);
  };
  const ascending = await sorted('asc');
  expect(ascending).toHaveLength(2);
  expect(ascending).toEqual(ascending.toSorted());
  expect(await sorted('desc')).toEqual(ascending.toReversed());
});
