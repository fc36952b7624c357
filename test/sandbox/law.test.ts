import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { API_VERSIONS, KEY_INFLECTIONS } from '../../src/persona/contract.ts';
import type { Delivery } from '../../src/delivery/deliver.ts';
import {
  acceptsAll,
  GOVERNMENT_ID,
  newInquiry,
  quietSandbox,
  SELFIE,
  simulate,
  type Call,
} from './helpers.ts';

/** What leads to an event, and how the resource is read afterwards. */
const TRANSITIONS: Readonly<Record<string, (call: Call) => Promise<unknown>>> = {
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
};

test('a GET right after a transition equals the payload of its event, in every version and inflection', async () => {
  const { sandbox, call } = await quietSandbox({ sender: acceptsAll });
  const webhooks = API_VERSIONS.flatMap((version) =>
    KEY_INFLECTIONS.map((inflection) => ({ version, inflection })),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...Object.keys(TRANSITIONS)),
      fc.constantFrom(...webhooks),
      async (name, { version, inflection }) => {
        await sandbox.reset();
        const url = 'http://localhost:9/';
        const attributes = {
          name: 'law',
          url,
          'enabled-events': ['*'],
          'api-version': version,
          'api-key-inflection': inflection,
        };
        const webhook = await call('POST', '/webhooks', { data: { attributes } });
        await call('POST', `/webhooks/${webhook.body.data.id}/enable`);
        await TRANSITIONS[name]?.(call);
        await sandbox.clock.advance(0);
        const { data } = payloadOf(sandbox.deliveries, name, inflection);
        const path = pathOf(data.type, data.id);
        const read = await call('GET', path, undefined, {
          'Persona-Version': version,
          'Key-Inflection': inflection,
        });
        expect(read.status).toBe(200);
        expect(withoutTokens(read.body.data)).toEqual(withoutTokens(data));
        expect(Object.keys(read.body.data.attributes)).toEqual(Object.keys(data.attributes));
      },
    ),
    { numRuns: process.env['HOOKCAST_TESTS'] === 'all' ? 1000 : 60 },
  );
});

test.each(Object.keys(TRANSITIONS))('%s holds in the newest version', async (name) => {
  const { sandbox, call } = await quietSandbox({
    sender: acceptsAll,
    webhooks: [{ url: 'http://localhost:9/' }],
  });
  await TRANSITIONS[name]?.(call);
  await sandbox.clock.advance(0);
  const { data } = payloadOf(sandbox.deliveries, name, 'kebab');
  const read = await call('GET', pathOf(data.type, data.id));
  expect(withoutTokens(read.body.data)).toEqual(withoutTokens(data));
});

function payloadOf(deliveries: readonly Delivery[], name: string, inflection: string): any {
  const delivery = deliveries.findLast(({ eventName }) => eventName === name);
  expect(delivery, name).toBeDefined();
  const { attributes } = JSON.parse(delivery!.body.toString()).data;
  expect(attributes['created-at'] ?? attributes.createdAt ?? attributes.created_at, inflection).toBeDefined();
  return attributes.payload;
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
