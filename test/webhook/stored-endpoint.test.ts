import { expect, test } from 'vitest';
import type { Endpoint } from '../../src/delivery/request.ts';
import { restoreWebhook } from '../../src/journal/restore-webhook.ts';
import { recordWebhook } from '../../src/journal/webhook-record.ts';
import { webhookRecordSchema } from '../../src/journal/webhook-record-schema.ts';
import { DEFAULT_POLICY } from '../../src/persona/policies.ts';
import { keyringOf, openQueued } from '../../src/queue/keyring.ts';
import { toQueued } from '../../src/queue/queued-delivery.ts';
import { Secret } from '../../src/signing/sign.ts';

const endpoint: Endpoint = {
  url: new URL('http://127.0.0.1:1/hook?a=%2F'),
  secrets: [
    { secret: new Secret('wbhsec_a'), expiresAtMs: 1_770_000_000_000 },
    { secret: new Secret('wbhsec_b') },
  ],
  customHeaders: { 'X-Team': 'blue', Authorization: 'Bearer hunter2' },
  userAgent: 'agent/1',
};
const job = {
  ...{ eventId: 'evt_1', eventName: 'inquiry.approved' },
  ...{ body: Buffer.from('{"n":100.0}'), endpoint },
};
const terms = { policy: DEFAULT_POLICY, timeScale: 1_000, nowMs: 1_769_860_800_250, dueMs: 3_000, copy: 2 };
const source = { from: 'file', where: 'w.json' } as const;
const how = { policy: DEFAULT_POLICY, salt: 'salt', source, file: 'w.json' };

// As they lie in queues and journals: written by other processes, and by older versions.
const POLICY = `"policy":${JSON.stringify(DEFAULT_POLICY)}`;
const HIDDEN = (fingerprint: string) =>
  `"headers":[{"name":"X-Team","value":"blue"},{"name":"Authorization","fingerprint":"${fingerprint}"}]`;
const SHOWN =
  '"headers":[{"name":"X-Team","value":"blue"},{"name":"Authorization","value":"Bearer hunter2"}]';
const QUEUED = (secrets: string, headers: string) =>
  `{"version":1,"eventId":"evt_1","eventName":"inquiry.approved","url":"http://127.0.0.1:1/hook?a=%2F",` +
  `"body":"eyJuIjoxMDAuMH0=","secrets":[${secrets}],${headers},"userAgent":"agent/1",${POLICY},` +
  `"timeScale":1000,"enqueuedAtMs":1769860800250,"dueMs":3000,"copy":2}`;
const JOURNALLED = (secrets: string, headers: string) =>
  `{"url":"http://127.0.0.1:1/hook?a=%2F","userAgent":"agent/1","file":"w.json","secrets":[${secrets}],${headers},${POLICY}}`;
const SOURCE = '"source":{"from":"file","where":"w.json"}';

const IN_QUEUE = {
  'without secrets': QUEUED(
    '{"fingerprint":"4bafbdfb8a8b23e22833e8939b29e45e","expiresAtMs":1770000000000},{"fingerprint":"3da110a1a8f660e5efc4f7b7bf3345dc"}',
    HIDDEN('69e6e0599ff5d457b16ef686f59595e8'),
  ),
  'with secrets': QUEUED(
    '{"fingerprint":"4bafbdfb8a8b23e22833e8939b29e45e","text":"wbhsec_a","expiresAtMs":1770000000000},{"fingerprint":"3da110a1a8f660e5efc4f7b7bf3345dc","text":"wbhsec_b"}',
    SHOWN,
  ),
};
const IN_JOURNAL = {
  'without secrets': JOURNALLED(
    `{${SOURCE},"fingerprint":"b16a20f413462089","expiresAtMs":1770000000000},{${SOURCE},"fingerprint":"1bbf6fba2068fe65"}`,
    HIDDEN('ccbaa01f566068e5'),
  ),
  'with secrets': JOURNALLED(
    `{${SOURCE},"fingerprint":"b16a20f413462089","expiresAtMs":1770000000000,"value":"wbhsec_a"},{${SOURCE},"fingerprint":"1bbf6fba2068fe65","value":"wbhsec_b"}`,
    SHOWN,
  ),
};

function revealed({ secrets }: Endpoint): string[] {
  return secrets.map(({ secret }) => secret.reveal());
}

test.each(['without secrets', 'with secrets'] as const)('a queue keeps its form: %s', (name) => {
  const storeSecrets = name === 'with secrets';
  expect(JSON.stringify(toQueued(job, { ...terms, storeSecrets }))).toBe(IN_QUEUE[name]);
  const keyring = keyringOf({
    secrets: storeSecrets ? [] : endpoint.secrets.map(({ secret }) => secret),
    headerValues: storeSecrets ? [] : ['Bearer hunter2'],
  });
  const opened = openQueued(JSON.parse(IN_QUEUE[name]), keyring);
  expect(opened).toMatchObject({ kind: 'ready', job });
  expect(opened.kind === 'ready' && revealed(opened.job.endpoint)).toEqual(revealed(endpoint));
});

test.each(['without secrets', 'with secrets'] as const)('a journal keeps its form: %s', (name) => {
  const storeSecrets = name === 'with secrets';
  expect(JSON.stringify(recordWebhook(endpoint, { ...how, storeSecrets }))).toBe(IN_JOURNAL[name]);
  const record = webhookRecordSchema.parse(JSON.parse(IN_JOURNAL[name]));
  // A webhook is known by its text: one that was read must be found again.
  expect(JSON.stringify(record)).toBe(IN_JOURNAL[name]);
  const given = {
    secrets: storeSecrets ? [] : endpoint.secrets.map(({ secret }) => ({ value: secret.reveal(), source })),
    headers: storeSecrets ? {} : { authorization: 'Bearer hunter2' },
  };
  const restored = restoreWebhook(record, given, 'salt');
  expect(restored).toEqual({ endpoint, warnings: [] });
  expect(revealed(restored.endpoint)).toEqual(revealed(endpoint));
});
