import { expect, test } from 'vitest';
import type { HttpSender } from '../../src/ports.ts';
import { manualClock, settled } from '../helpers/virtual-clock.ts';
import { acceptsAll, newInquiry, quietSandbox, TEMPLATE } from './helpers.ts';

const CREATE = { data: { attributes: { 'inquiry-template-id': TEMPLATE } } };

/** [fault, status, title] */
const REFUSALS = [
  ['429:1', 429, 'Rate limit exceeded'],
  ['500:1', 500, 'Internal server error'],
  ['503:1', 503, 'Service unavailable'],
] as const;

test.each(REFUSALS)(
  'the fault %s: one request fails, in the error form, and changes nothing',
  async (fault, status, title) => {
    const { call } = await quietSandbox({ faults: [fault] });
    const failed = await call('POST', '/inquiries', CREATE, { 'Idempotency-Key': 'k' });
    expect([failed.status, failed.body.errors[0].title]).toEqual([status, title]);
    expect(failed.headers.get('request-id')).toMatch(/^req_/);
    expect((await call('GET', '/inquiries')).body.data).toEqual([]);
    expect((await call('POST', '/inquiries', CREATE, { 'Idempotency-Key': 'k' })).status).toBe(201);
  },
);

test('a 429 says how long to wait, and that nothing is left', async () => {
  const { call } = await quietSandbox({ faults: ['429:1'] });
  const { headers } = await call('GET', '/inquiries');
  expect(headers.get('ratelimit-remaining')).toBe('0');
  expect(headers.get('retry-after')).toBe(headers.get('ratelimit-reset'));
});

test('a fault without a number strikes every request, and a reset brings a used one back', async () => {
  const { call } = await quietSandbox({ faults: ['503'] });
  for (let time = 0; time < 3; time += 1) expect((await call('GET', '/inquiries')).status).toBe(503);
  const once = await quietSandbox({ faults: ['503:1'] });
  expect((await once.call('GET', '/inquiries')).status).toBe(503);
  expect((await once.call('GET', '/inquiries')).status).toBe(200);
  await once.sandbox.reset();
  expect((await once.call('GET', '/inquiries')).status).toBe(503);
});

test('401 comes before every fault, and uses none up', async () => {
  const { sandbox, call } = await quietSandbox({ faults: ['503:1'] });
  expect((await sandbox.fetch(`${sandbox.url}/api/v1/inquiries`)).status).toBe(401);
  expect((await call('GET', '/inquiries')).status).toBe(503);
});

test('the fault latency: the answer comes as late as asked, not sooner', async () => {
  const { sandbox, call } = await quietSandbox({ faults: ['latency:250ms'] });
  let answered = false;
  const answer = call('GET', '/inquiries').then(({ status }) => {
    answered = true;
    return status;
  });
  await sandbox.advance(249);
  await settled();
  expect(answered).toBe(false);
  await sandbox.advance(1);
  expect(await answer).toBe(200);
});

/** Answers when it is told to. */
function heldSender() {
  const waiting: (() => void)[] = [];
  const sender: HttpSender = {
    send: (request, limits) =>
      new Promise((resolve) => {
        waiting.push(() => void acceptsAll.send(request, limits).then(resolve));
      }),
  };
  return { sender, waiting };
}

test('the fault early-event: the 201 waits until the receiver has answered its events', async () => {
  const { sender, waiting } = heldSender();
  const webhooks = [{ url: 'http://localhost:9/', 'enabled-events': ['inquiry.created'] }];
  const { call } = await quietSandbox({ faults: ['early-event'], sender, webhooks });
  let answered = false;
  const created = newInquiry(call).then(() => {
    answered = true;
  });
  await expect.poll(() => waiting.length).toBe(1);
  await settled();
  expect(answered).toBe(false);
  waiting[0]?.();
  await created;
});

test('without the fault early-event the 201 comes first', async () => {
  const { sender, waiting } = heldSender();
  const { call } = await quietSandbox({ sender, webhooks: [{ url: 'http://localhost:9/' }] });
  await newInquiry(call);
  await expect.poll(() => waiting.length).toBe(2);
});

test('the fault stale-read ends by itself', async () => {
  const { sandbox, call } = await quietSandbox({ faults: ['stale-read:5s'], clock: manualClock(1e12) });
  const id = await newInquiry(call);
  await sandbox.advance('6s');
  await call('POST', `/inquiries/${id}/approve`);
  const status = async () => (await call('GET', `/inquiries/${id}`)).body.data.attributes.status;
  expect(await status()).toBe('created');
  await sandbox.advance('5s');
  expect(await status()).toBe('approved');
});
