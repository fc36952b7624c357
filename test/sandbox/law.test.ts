import { expect, test } from 'vitest';
import { API_VERSIONS, KEY_INFLECTIONS } from '../../src/persona/contract.ts';
import type { Delivery } from '../../src/delivery/deliver.ts';
import type { Sandbox } from '../../src/sandbox/create-sandbox.ts';
import { partOf } from '../helpers/sample.ts';
import { SEED } from '../helpers/seed.ts';
import {
  acceptsAll,
  DATABASE,
  DOCUMENT,
  GOVERNMENT_ID,
  newInquiry,
  quietSandbox,
  SELFIE,
  simulate,
  type Call,
} from './helpers.ts';

/** What leads to an event, and how the resource is read afterwards. */
const TRANSITIONS: Readonly<Record<string, (call: Call, sandbox: Sandbox) => Promise<unknown>>> = {
  'inquiry.created': (call) => newInquiry(call, { 'reference-id': 'a', fields: { 'name-last': 'Doe' } }),
  'account.created': (call) => newInquiry(call, { 'reference-id': 'b' }),
  'inquiry.started': async (call) => simulate(call, await newInquiry(call), 'start_inquiry'),
  'inquiry.completed': async (call) =>
    simulate(call, await newInquiry(call), 'start_inquiry', 'complete_inquiry'),
  'inquiry.failed': async (call) => simulate(call, await newInquiry(call), 'start_inquiry', 'fail_inquiry'),
  'inquiry.expired': async (call) => call('POST', `/inquiries/${await newInquiry(call)}/expire`),
  'inquiry.marked-for-review': async (call) =>
    call('POST', `/inquiries/${await newInquiry(call)}/mark-for-review`),
  'inquiry.approved': async (call) =>
    call('POST', `/inquiries/${await newInquiry(call)}/approve`, { meta: { comment: 'ok' } }),
  'inquiry.declined': async (call) =>
    call('POST', `/inquiries/${await newInquiry(call)}/decline`, { meta: { comment: 'no' } }),
  'inquiry.redacted': async (call) => {
    const id = await newInquiry(call);
    await simulate(
      call,
      id,
      'start_inquiry',
      `create_passed_verification ${GOVERNMENT_ID}`,
      'complete_inquiry',
    );
    return call('DELETE', `/inquiries/${id}`);
  },
  'inquiry.updated-tags': async (call) =>
    call('POST', `/inquiries/${await newInquiry(call)}/add-tag`, { meta: { 'tag-name': 'vip' } }),
  'inquiry-session.expired': async (call) => {
    const id = await newInquiry(call, {}, { 'auto-create-inquiry-session': true });
    return call('POST', `/inquiries/${id}/approve`);
  },
  'document.processed': async (call) =>
    simulate(call, await newInquiry(call), `create_passed_verification ${GOVERNMENT_ID}`),
  'verification.passed': async (call) =>
    simulate(call, await newInquiry(call), `create_passed_verification ${SELFIE}`),
  'verification.failed': async (call) =>
    simulate(call, await newInquiry(call), `create_failed_verification ${GOVERNMENT_ID}`),
  'document.processed, of a generic document': async (call) =>
    simulate(call, await newInquiry(call), `create_passed_verification ${DOCUMENT}`),
  'verification.passed, of a document': async (call) =>
    simulate(call, await newInquiry(call), `create_passed_verification ${DOCUMENT}`),
  'verification.failed, of a database': async (call) =>
    simulate(call, await newInquiry(call), `create_failed_verification ${DATABASE}`),
  'inquiry.updated-tags, by PATCH': async (call) =>
    call('PATCH', `/inquiries/${await newInquiry(call)}`, { data: { attributes: { tags: ['vip'] } } }),
  'account.updated-fields': async (call) =>
    simulate(call, await newInquiry(call), `create_passed_verification ${GOVERNMENT_ID}`),
  'account.updated-tags': async (call) => {
    const { body } = await call('POST', '/accounts', { data: { attributes: { 'name-first': 'Jo' } } });
    return call('POST', `/accounts/${body.data.id}/set-tags`, { meta: { 'tag-name': ['a', 'b'] } });
  },
  'account.redacted': async (call) => {
    const { body } = await call('POST', '/accounts', { data: { attributes: { 'name-first': 'Jo' } } });
    return call('DELETE', `/accounts/${body.data.id}`);
  },
  'account.consolidated': mergeAccounts,
  'account.consolidated-with': mergeAccounts,
  'report/watchlist.ready': newReport,
  'report/watchlist.ready, of a second run': async (call, sandbox) => {
    const id = await newReport(call);
    await sandbox.advance(REPORT_TAKES);
    await call('POST', `/reports/${id}/add-tag`, { meta: { 'tag-name': 'vip' } });
    return call('POST', `/reports/${id}/run`);
  },
};

const REPORT_TAKES = '2s';

async function newReport(call: Call): Promise<string> {
  const data = { type: 'report/watchlist', attributes: { query: { 'name-first': 'Jo' } } };
  return (await call('POST', '/reports', { data })).body.data.id;
}

async function mergeAccounts(call: Call): Promise<unknown> {
  const create = async () => (await call('POST', '/accounts', { data: {} })).body.data.id;
  const meta = { 'source-account-ids': [await create()] };
  return call('POST', `/accounts/${await create()}/consolidate`, { meta });
}

/** One webhook for each; its URL tells it from the others. */
const ALL_WEBHOOKS = API_VERSIONS.flatMap((version) =>
  KEY_INFLECTIONS.map((inflection) => ({
    version,
    inflection,
    url: `http://localhost:9/${version}/${inflection}`,
  })),
);

test.each(Object.keys(TRANSITIONS).map((name, index) => ({ name, index })))(
  '$name: a GET right after it equals its payload, in every version and inflection',
  async ({ name, index }) => {
    const kinds = partOf(ALL_WEBHOOKS, { part: SEED + index, of: 9 });
    const webhooks = kinds.map(({ version, inflection, url }) => ({
      ...{ url, 'api-version': version, 'api-key-inflection': inflection },
    }));
    const { sandbox, call } = await quietSandbox({ sender: acceptsAll, webhooks });
    await TRANSITIONS[name]?.(call, sandbox);
    await sandbox.advance(REPORT_TAKES);
    for (const { version, inflection, url } of kinds) {
      const { data } = payloadOf(sandbox.deliveries, name, url);
      const headers = { 'Persona-Version': version, 'Key-Inflection': inflection };
      const read = await call('GET', pathOf(data.type, data.id), undefined, headers);
      expect(read.status).toBe(200);
      expect(withoutTokens(read.body.data), url).toEqual(withoutTokens(data));
      expect(Object.keys(read.body.data.attributes)).toEqual(Object.keys(data.attributes));
    }
  },
);

function payloadOf(deliveries: readonly Delivery[], name: string, url: string): any {
  const [event] = name.split(', ');
  const delivery = deliveries.findLast((other) => other.eventName === event && other.url === url);
  expect(delivery, `${name} to ${url}`).toBeDefined();
  return JSON.parse(delivery!.body.toString()).data.attributes.payload;
}

function pathOf(type: string, id: string): string {
  const family = type.split('/')[0] ?? '';
  const plural = family === 'inquiry' ? 'inquiries' : `${family}s`;
  return `/${plural}/${id}`;
}

/** Each answer and each event has a token of its own. */
function withoutTokens(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value)
      .replace(/access_token=[\w.-]+/g, 'access_token=…')
      .replace(/\/files\/[\w.-]{20,}\//g, '/files/…/'),
  );
}
