import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../src/event/seeded-random.ts';
import { DEFAULT_POLICY } from '../../src/persona/policies.ts';
import { planReplay } from '../../src/recording/plan.ts';
import type { Recording } from '../../src/recording/recording.ts';
import { recordingLine } from '../../src/recording/ndjson.ts';
import { Secret } from '../../src/signing/sign.ts';
import { verify } from '../../src/signing/verify.ts';
import { createSimulator } from '../../src/simulator/simulator.ts';
import { ODD_BODIES, readAll } from '../helpers/recordings.ts';
import { rawReceiver, type RawRequest } from '../helpers/raw-receiver.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { virtualClock } from '../helpers/virtual-clock.ts';

const SECRET = 'wbhsec_abcdefgh-1234-5678-9ijk-lmnopqrstuvw';
const START_MS = Date.parse('2026-01-31T12:00:00.250Z');
const recorded = (more: Partial<Recording> = {}): Recording => ({
  method: 'POST',
  url: 'http://there.test/hook',
  headers: [
    ['Host', 'there.test'],
    ['content-type', 'application/vnd.api+json'],
    ['X-Twice', '1'],
    ['Persona-Signature', 't=1764686826,v1=00'],
    ['x-twice', '\u00e9'],
    ['Persona-Webhook-Attempts-Made', '3'],
    ['Transfer-Encoding', 'chunked'],
    ['Authorization', '[secret]'],
  ],
  body: Buffer.from('{}'),
  ...more,
});
const planOf = (recordings: Recording[]) => planReplay(recordings, {}, seededRandom(1));
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
const value = ({ headers }: RawRequest, name: string) =>
  headers.find((line) => line.toLowerCase().startsWith(`${name.toLowerCase()}: `))?.slice(name.length + 2);

describe.each([
  ['signed again', {}],
  ['frozen', { frozen: true }],
])('%s', (_, options) => {
  test('odd bodies of a file arrive byte-equal', async () => {
    await using target = await rawReceiver();
    await using folder = await temporaryFolder();
    const lines = ODD_BODIES.map(([, body]) => `${recordingLine(recorded({ body }))}\n`);
    const { recordings } = await readAll([await folder.write('odd.ndjson', lines.join(''))]);
    const simulator = createSimulator({
      webhook: { url: target.url.href, secret: SECRET },
      timeScale: Infinity,
    });
    const deliveries = await simulator.replay(planOf(recordings), options);
    expect(deliveries.map(({ state }) => state)).toEqual(ODD_BODIES.map(() => 'completed'));
    expect(target.requests.map(({ body }) => sha256(body))).toEqual(
      ODD_BODIES.map(([, body]) => sha256(body)),
    );
  });
});

test('signed again: a fresh t, a new count of attempts, the recorded headers of the message', async () => {
  await using target = await rawReceiver();
  const webhook = { url: target.url.href, secret: SECRET, 'custom-http-headers': { 'X-Own': '1' } };
  const simulator = createSimulator({ webhook, clock: virtualClock(START_MS) });
  await simulator.replay(planOf([recorded()]));
  const [request] = target.requests;
  const verification = verify(request!.body, value(request!, 'Persona-Signature')!, {
    secrets: [new Secret(SECRET)],
  });
  expect(verification).toEqual({ kind: 'valid', timestampSeconds: Math.floor(START_MS / 1000) });
  expect(value(request!, 'Persona-Webhook-Attempts-Made')).toBe('1');
  expect(value(request!, 'Content-Type')).toBe('application/vnd.api+json');
  expect(value(request!, 'X-Twice')).toBe('1, \u00e9');
  expect(value(request!, 'X-Own')).toBe('1');
  expect(value(request!, 'Host')).toBe(target.url.host);
  expect(value(request!, 'Authorization')).toBeUndefined();
  expect(value(request!, 'Transfer-Encoding')).toBeUndefined();
});

test('every attempt: signed again, with the recorded count', async () => {
  await using target = await rawReceiver();
  const simulator = createSimulator({ webhook: { url: target.url.href, secret: SECRET } });
  const [delivery] = await simulator.replay(planOf([recorded()]), { everyAttempt: true });
  expect(delivery!.attempts).toHaveLength(1);
  expect(value(target.requests[0]!, 'Persona-Webhook-Attempts-Made')).toBe('3');
  expect(value(target.requests[0]!, 'Persona-Signature')).not.toContain('1764686826');
});

test('frozen: the recorded headers in order and case; new headers of the connection', async () => {
  await using target = await rawReceiver();
  const simulator = createSimulator({ webhook: { url: target.url.href } });
  await simulator.replay(planOf([recorded()]), { frozen: true });
  expect(target.requests[0]!.headers).toEqual([
    `host: ${target.url.host}`,
    'connection: keep-alive',
    'content-type: application/vnd.api+json',
    'X-Twice: 1',
    'Persona-Signature: t=1764686826,v1=00',
    'x-twice: \u00e9',
    'Persona-Webhook-Attempts-Made: 3',
    'content-length: 2',
  ]);
});

test('frozen refuses a body that is not the one that was signed', async () => {
  const simulator = createSimulator({ webhook: { url: 'http://127.0.0.1:9/' } });
  const plan = planOf([recorded(), recorded({ eventId: 'evt_1', altered: 'scrubbed' })]);
  await expect(simulator.replay(plan, { frozen: true })).rejects.toThrow(
    '`frozen`: evt_1 is not as it arrived (its personal data was replaced), so the old signature does not fit; without `frozen` it is signed again',
  );
});

const REFUSAL = 'HTTP/1.1 500 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n';

test('gaps and retries wait on the simulated clock', async () => {
  await using target = await rawReceiver(REFUSAL);
  const clock = virtualClock(START_MS);
  const policy = { ...DEFAULT_POLICY, name: 'short', delaysSeconds: [3] };
  const simulator = createSimulator({ webhook: { url: target.url.href }, clock, policy, timeScale: 10 });
  const recordings = [recorded({ atMs: 1_000 }), recorded({ atMs: 6_000 })];
  const deliveries = await simulator.replay(planOf(recordings), {});
  expect(deliveries.map(({ state, attempts }) => [state, attempts.length])).toEqual([
    ['failed', 2],
    ['failed', 2],
  ]);
  expect(clock.slept[0]).toBe(500);
  expect(clock.slept).toContain(300);
});

test('without retries each is sent once', async () => {
  await using target = await rawReceiver(REFUSAL);
  const simulator = createSimulator({ webhook: { url: target.url.href }, timeScale: Infinity });
  const [delivery] = await simulator.replay(planOf([recorded()]), { retries: false });
  expect(delivery).toMatchObject({ state: 'failed' });
  expect(target.requests).toHaveLength(1);
});
