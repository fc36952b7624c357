import { buffer } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { undiciSender } from '../../src/http/undici-sender.ts';
import {
  deliver,
  skippedDelivery,
  type DeliveryContext,
  type DeliveryJob,
} from '../../src/delivery/deliver.ts';
import { MovableClock } from '../../src/delivery/movable-clock.ts';
import { DEFAULT_POLICY, POLICIES, type DeliveryPolicy } from '../../src/persona/policies.ts';
import { Secret } from '../../src/signing/sign.ts';
import { isGenuine } from '../helpers/documented-receiver.ts';
import { httpServer } from '../helpers/servers.ts';
import { virtualClock } from '../helpers/virtual-clock.ts';

const SECRET = 'wbhsec_abcdefgh-1234-5678-9ijk-lmnopqrstuvw';
const BODY = Buffer.from('{"data":{"name":"Zoë","score":100.0}}');
const START_MS = Date.parse('2026-01-31T12:00:00.250Z');
const START_SECONDS = Math.floor(START_MS / 1000);

interface Seen {
  readonly headers: Record<string, string>;
  readonly body: Buffer;
}

/** Answers the nth request with the nth status, the last for all that follow. */
async function scripted(...statuses: number[]) {
  const seen: Seen[] = [];
  const server = await httpServer((request, response) => {
    void buffer(request).then((body) => {
      seen.push({ headers: request.headers as Record<string, string>, body });
      response.writeHead(statuses[seen.length - 1] ?? statuses.at(-1) ?? 200).end();
    });
  });
  return { url: server.url, seen, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

function job(url: URL): DeliveryJob {
  const endpoint = { url, secrets: [{ secret: new Secret(SECRET) }] };
  return { eventId: 'evt_1', eventName: 'inquiry.approved', body: BODY, endpoint };
}

function context({
  timeScale = 1,
  ...overrides
}: Partial<Omit<DeliveryContext, 'clock'>> & { timeScale?: number } = {}) {
  const clock = virtualClock(START_MS);
  const simulatedClock = new MovableClock(clock, timeScale);
  return { policy: DEFAULT_POLICY, sender: undiciSender(), clock, simulatedClock, ...overrides };
}

describe('the schedule of persona-2022', () => {
  test('nine attempts over 446,980 s with exact waits against a receiver that never accepts', async () => {
    await using receiver = await scripted(500);
    const run = context();
    const delivery = await deliver(job(receiver.url), run);
    expect(delivery.state).toBe('failed');
    expect(run.clock.slept).toEqual(
      [3, 66, 731, 4_098, 15_627, 46_658, 117_651, 262_146].map((s) => s * 1000),
    );
    expect(run.clock.slept.reduce((sum, ms) => sum + ms, 0)).toBe(446_980_000);
    expect(receiver.seen).toHaveLength(9);
  });

  test('a receiver that accepts the ninth time gets exactly nine', async () => {
    await using receiver = await scripted(500, 500, 500, 500, 500, 500, 500, 500, 200);
    const delivery = await deliver(job(receiver.url), context());
    expect(delivery.state).toBe('completed');
    expect(receiver.seen).toHaveLength(9);
    expect(delivery.attempts.map(({ outcome }) => outcome.kind)).toEqual([
      ...Array<string>(8).fill('rejected'),
      'accepted',
    ]);
  });

  test('scaled: the waits are divided, and the receiver sees the simulated time', async () => {
    await using receiver = await scripted(500);
    const run = context({ timeScale: 100_000 });
    const delivery = await deliver(job(receiver.url), run);
    expect(run.clock.slept).toEqual([0.03, 0.66, 7.31, 40.98, 156.27, 466.58, 1176.51, 2621.46]);
    const elapsed = [0, 3, 69, 800, 4_898, 20_525, 67_183, 184_834, 446_980];
    expect(delivery.attempts.map(({ simulatedElapsedMs }) => Math.round(simulatedElapsedMs))).toEqual(
      elapsed.map((s) => s * 1000),
    );
    expect(delivery.attempts.map(({ simulatedAtMs }) => Math.round(simulatedAtMs - START_MS))).toEqual(
      elapsed.map((s) => s * 1000),
    );
    for (const [index, { headers }] of receiver.seen.entries()) {
      const t = Number(/^t=(\d+)/.exec(headers['persona-signature'] ?? '')?.[1]);
      const firstAt = Number(headers['persona-webhook-first-attempted-at']);
      // t is real time, the first attempt lies the simulated time before it; both are cut to whole seconds.
      const realMs = START_MS + run.clock.slept.slice(0, index).reduce((sum, ms) => sum + ms, 0);
      expect(t).toBe(Math.floor(realMs / 1000));
      expect(firstAt).toBe(Math.floor((realMs - delivery.attempts[index]!.simulatedElapsedMs) / 1000));
    }
  });

  test('instant: no wait at all', async () => {
    await using receiver = await scripted(500, 200);
    const run = context({ timeScale: Number.POSITIVE_INFINITY });
    expect((await deliver(job(receiver.url), run)).state).toBe('completed');
    expect(run.clock.slept).toEqual([0]);
  });
});

describe('every attempt', () => {
  test("has the same bytes, a fresh signature that Persona's documented receiver accepts, and counters", async () => {
    await using receiver = await scripted(500);
    await deliver(job(receiver.url), context());
    for (const [index, { headers, body }] of receiver.seen.entries()) {
      expect(body.equals(BODY)).toBe(true);
      expect(isGenuine(headers['persona-signature'] ?? '', body, SECRET)).toBe(true);
      expect(headers).toMatchObject({
        'content-type': 'application/json; charset=utf-8',
        'content-length': String(BODY.length),
        'user-agent': 'hookcast',
        'persona-webhook-attempts-made': String(index + 1),
        'persona-webhook-attempts-left': String(8 - index),
        'persona-webhook-first-attempted-at': String(START_SECONDS),
      });
    }
    expect(new Set(receiver.seen.map(({ headers }) => headers['persona-signature'])).size).toBe(9);
  });

  test('bears two signatures during a rotation; the old secret ends at its time', async () => {
    await using receiver = await scripted(500);
    const oldSecret = 'wbhsec_00000000-1111-2222-3333-444444444444';
    const rotating = job(receiver.url);
    const secrets = [
      { secret: new Secret(oldSecret), expiresAtMs: START_MS + 60_000 },
      { secret: new Secret(SECRET) },
    ];
    await deliver({ ...rotating, endpoint: { ...rotating.endpoint, secrets } }, context());
    const sets = receiver.seen.map(({ headers }) => (headers['persona-signature'] ?? '').split(' ').length);
    expect(sets).toEqual([2, 2, 1, 1, 1, 1, 1, 1, 1]);
    expect(isGenuine(receiver.seen[0]!.headers['persona-signature'] ?? '', BODY, oldSecret)).toBe(true);
  });

  test('bears the custom headers of the webhook, the query of its URL, and no header twice', async () => {
    await using receiver = await scripted(200);
    const plain = job(receiver.url);
    const customHeaders = { Authorization: 'Bearer x', 'user-agent': 'mine' };
    await deliver({ ...plain, endpoint: { ...plain.endpoint, customHeaders } }, context());
    expect(receiver.seen[0]?.headers).toMatchObject({ authorization: 'Bearer x', 'user-agent': 'mine' });
  });
});

describe('what counts as success', () => {
  const once = (policy: DeliveryPolicy): DeliveryPolicy => ({ ...policy, delaysSeconds: [] });
  const [p2022, p2026] = POLICIES as [DeliveryPolicy, DeliveryPolicy];

  test.each([
    [p2022, 200, 'completed'],
    ...[201, 202, 203, 204, 206, 299, 301, 302, 304, 307, 308, 400, 401, 404, 410, 429, 500, 503].map(
      (status) => [p2022, status, 'failed'] as const,
    ),
    ...[200, 201, 202, 204].map((status) => [p2026, status, 'completed'] as const),
    ...[203, 205, 206, 301, 500].map((status) => [p2026, status, 'failed'] as const),
  ] as const)('$name: %i', async (policy, status, state) => {
    await using receiver = await scripted(status);
    expect((await deliver(job(receiver.url), context({ policy: once(policy) }))).state).toBe(state);
    expect(receiver.seen).toHaveLength(1);
  });

  test('a redirect is never followed', async () => {
    const paths: (string | undefined)[] = [];
    await using server = await httpServer((request, response) => {
      paths.push(request.url);
      response.writeHead(307, { Location: '/elsewhere' }).end();
    });
    const delivery = await deliver(job(server.url), context({ policy: once(p2022) }));
    expect(delivery.attempts[0]?.outcome).toMatchObject({ kind: 'rejected', status: 307 });
    expect(paths).toEqual(['/hook?a=1&b=%2F']);
  });

  test('200 after the limit is a failure', async () => {
    await using server = await httpServer((_, response) => {
      setTimeout(() => response.end(), 1_500);
    });
    const policy = { ...once(p2022), timeoutMs: 1_000 };
    const delivery = await deliver(job(server.url), context({ policy }));
    expect(delivery.attempts[0]?.outcome).toEqual({ kind: 'timed-out', phase: 'headers', timeoutMs: 1_000 });
  });
});

describe('a cancelled delivery', () => {
  test('in a wait keeps the attempts made', async () => {
    await using receiver = await scripted(500);
    const controller = new AbortController();
    const clock = {
      now: () => START_MS,
      sleep: (_: number, signal?: AbortSignal) => {
        controller.abort(new Error('stop'));
        signal?.throwIfAborted();
        return Promise.resolve();
      },
    };
    const simulatedClock = new MovableClock(clock, 1);
    const run = { ...context({ signal: controller.signal, simulatedClock }), clock };
    const delivery = await deliver(job(receiver.url), run);
    expect(delivery).toMatchObject({ state: 'cancelled', attempts: [{ outcome: { kind: 'rejected' } }] });
  });

  test('in an attempt hangs up and says that the outcome is unknown', async () => {
    const controller = new AbortController();
    await using server = await httpServer(() => {
      controller.abort(new Error('stop'));
    });
    const delivery = await deliver(job(server.url), context({ signal: controller.signal }));
    expect(delivery).toMatchObject({ state: 'cancelled', attempts: [{ outcome: { kind: 'cancelled' } }] });
  });

  test('before it began sends nothing', async () => {
    await using receiver = await scripted(200);
    const delivery = await deliver(job(receiver.url), context({ signal: AbortSignal.abort() }));
    expect(delivery).toMatchObject({ state: 'cancelled', attempts: [] });
    expect(receiver.seen).toEqual([]);
  });
});

test('a skipped delivery has no attempts', () => {
  expect(skippedDelivery(job(new URL('http://127.0.0.1/')))).toMatchObject({
    state: 'skipped',
    attempts: [],
  });
});

test('a bug in an observer is not mistaken for a failed attempt', async () => {
  await using receiver = await scripted(500);
  const onAttempt = () => {
    throw new RangeError('observer');
  };
  await expect(deliver(job(receiver.url), context({ onAttempt }))).rejects.toThrow('observer');
  expect(receiver.seen).toHaveLength(1);
});
