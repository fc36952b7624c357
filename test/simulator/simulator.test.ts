import { describe, expect, expectTypeOf, test } from 'vitest';
import {
  createSimulator,
  startReceiver,
  Secret,
  type Delivery,
  type DeliveryState,
} from '../../src/index.ts';
import { parseScript } from '../../src/receiver/reaction.ts';
import { virtualClock } from '../helpers/virtual-clock.ts';

const secret = 'wbhsec_abcdefgh-1234-5678-9ijk-lmnopqrstuvw';

describe('the library', () => {
  test('delivers in three lines', async () => {
    await using receiver = await startReceiver({
      secrets: [new Secret(secret)],
      script: parseScript('500,200'),
    });

    const simulator = createSimulator({
      webhook: { url: receiver.url, secret },
      timeScale: Number.POSITIVE_INFINITY,
    });
    const delivery = await simulator.deliver('inquiry.approved', { referenceId: 'user-1' });
    expect(delivery.state).toBe('completed');

    expect(delivery.attempts.map(({ outcome }) => outcome.kind)).toEqual(['rejected', 'accepted']);
    expect(receiver.received[1]?.body.equals(delivery.body)).toBe(true);
    expect(delivery.body.toString()).toContain('"reference-id":"user-1"');
  });

  test('repeats a run byte for byte with its seed and time', async () => {
    const bodies = await Promise.all(
      [1, 2].map(async () => {
        const simulator = createSimulator({ webhook: { url: 'http://localhost/' }, seed: 7 });
        const event = await simulator.build('inquiry.approved', { at: new Date('2026-01-31T12:00:00Z') });
        return simulator.compose(event).body.toString();
      }),
    );
    expect(bodies[0]).toBe(bodies[1]);
  });

  test('builds all events about the same objects, each with its own id', async () => {
    const simulator = createSimulator({ webhook: { url: 'http://localhost/' } });
    const [created, approved] = [
      await simulator.build('inquiry.created'),
      await simulator.build('inquiry.approved'),
    ];
    const idOf = (event: typeof created) =>
      /"id":"(inq_\w+)"/.exec(simulator.compose(event).body.toString())?.[1];
    expect(idOf(created)).toBe(idOf(approved));
    expect(created.id).not.toBe(approved.id);
  });

  test('skips events that the webhook does not enable', async () => {
    const webhook = { url: 'http://localhost/', 'enabled-events': ['inquiry.failed'] };
    expect(await createSimulator({ webhook }).deliver('inquiry.approved')).toMatchObject({
      state: 'skipped',
      attempts: [],
    });
  });

  test('runs on a clock of your own', async () => {
    await using receiver = await startReceiver({
      secrets: [new Secret(secret)],
      script: parseScript('500,500,200'),
    });
    const clock = virtualClock();
    const simulator = createSimulator({ webhook: { url: receiver.url, secret }, clock });
    await simulator.deliver('inquiry.approved');
    expect(clock.slept).toEqual([3_000, 66_000]);
  });

  test('has exact types', () => {
    expectTypeOf<Delivery['state']>().toEqualTypeOf<DeliveryState>();
    expectTypeOf<DeliveryState>().toEqualTypeOf<'completed' | 'failed' | 'skipped' | 'cancelled'>();
    // @ts-expect-error -- Persona's attribute names, not ours
    createSimulator({ webhook: { url: 'http://localhost/', blocklist: [] } });
    // @ts-expect-error -- no such API version
    const webhook: Parameters<typeof createSimulator>[0]['webhook'] = { 'api-version': '1999-01-01' };
    expect(webhook).toBeDefined();
  });
});
