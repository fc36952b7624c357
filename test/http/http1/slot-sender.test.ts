import { createHash } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { createServer, type ServerOptions } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { describe, expect, it, test } from 'vitest';
import { systemAlarmClock } from '../../../src/load/engine/alarm-clock.ts';
import { undiciSender, type SenderOptions } from '../../../src/http/undici-sender.ts';
import { http1SlotSender } from '../../../src/http/http1/slot-sender.ts';
import { buildRequest } from '../../../src/delivery/request.ts';
import { DEFAULT_POLICY } from '../../../src/persona/policies.ts';
import { startReceiver } from '../../../src/receiver/start-receiver.ts';
import { parseScript } from '../../../src/receiver/reaction.ts';
import { Secret } from '../../../src/signing/sign.ts';
import { AttemptHeaders } from '../../../src/load/engine/attempt-headers.ts';
import { emit } from '../../../src/load/engine/emit.ts';
import type { LoadPlan } from '../../../src/load/plan.ts';
import { configureWebhook } from '../../../src/webhook/configure.ts';
import type { EventSource } from '../../../src/render/event-source.ts';
import { LOCALHOST_CERTIFICATE, LOCALHOST_KEY } from '../../helpers/certificate.ts';
import { numberedEvents } from '../../helpers/load.ts';
import { httpServer, tcpServer } from '../../helpers/servers.ts';

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

interface Run extends Partial<LoadPlan> {
  readonly timeoutMs?: number;
}

/** One attempt for each event, over one connection unless the plan says otherwise. */
function load(url: URL, { timeoutMs = 20_000, ...plan }: Run, options: SenderOptions = {}) {
  const policy = { ...DEFAULT_POLICY, timeoutMs, delaysSeconds: [] };
  const { endpoint } = configureWebhook({ url: url.href });
  const sender = http1SlotSender(url, options);
  const whole = { concurrency: 1, timeScale: 1, seed: 1, ...plan };
  return emit(numberedEvents(), whole, { endpoint, policy, sender, clock: systemAlarmClock });
}

/** Calls back for each complete request, with its number on its connection and the connection's. */
function onRequests(handle: (socket: Socket, request: number, connection: number) => void) {
  let connections = 0;
  return (socket: Socket) => {
    const connection = connections++;
    let [text, requests] = ['', 0];
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      for (;;) {
        const length = /content-length: (\d+)\r\n/i.exec(text)?.[1];
        const end = text.indexOf('\r\n\r\n');
        if (length === undefined || end < 0 || text.length < end + 4 + Number(length)) return;
        text = text.slice(end + 4 + Number(length));
        handle(socket, requests++, connection);
      }
    });
  };
}

it('keeps one connection for all requests of a slot', async () => {
  const seen: string[] = [];
  await using server = await tcpServer(
    onRequests((socket, request, connection) => {
      seen.push(`${connection}.${request}`);
      socket.write(OK);
    }),
  );
  const result = await load(server.url, { count: 3 });
  expect(seen).toEqual(['0.0', '0.1', '0.2']);
  expect(result).toMatchObject({ resent: 0, deliveries: { completed: 3 } });
});

it('repeats a request on a new connection when the receiver had closed the idle one', async () => {
  const seen: string[] = [];
  await using server = await tcpServer(
    onRequests((socket, request, connection) => {
      seen.push(`${connection}.${request}`);
      if (request === 1) socket.destroy();
      else socket.write(OK);
    }),
  );
  const result = await load(server.url, { count: 3 });
  expect(seen).toEqual(['0.0', '0.1', '1.0', '1.1', '2.0']);
  expect(result).toMatchObject({ attempts: 3, resent: 2, deliveries: { completed: 3 } });
});

it('does not repeat a request when part of an answer came', async () => {
  await using server = await tcpServer(
    onRequests((socket, request) => {
      if (request === 0) socket.write(OK);
      else socket.end('HTTP/1.1 200 OK\r\nContent-');
    }),
  );
  const result = await load(server.url, { count: 2 });
  expect(result).toMatchObject({ resent: 0, outcomes: { accepted: 1, unreachable: 1 } });
});

it('uses a new connection when the receiver announces that it closes this one', async () => {
  const seen: string[] = [];
  await using server = await tcpServer(
    onRequests((socket, request, connection) => {
      seen.push(`${connection}.${request}`);
      socket.end(OK.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'));
    }),
  );
  const result = await load(server.url, { count: 2 });
  expect(seen).toEqual(['0.0', '1.0']);
  expect(result).toMatchObject({ resent: 0, deliveries: { completed: 2 } });
});

it('does not use a connection that the receiver is about to close by its keep-alive timeout', async () => {
  const seen: string[] = [];
  await using server = await tcpServer(
    onRequests((socket, request, connection) => {
      seen.push(`${connection}.${request}`);
      // Two seconds are left for what is on its way.
      socket.write(OK.replace('\r\n\r\n', `\r\nKeep-Alive: timeout=${connection === 0 ? 2 : 60}\r\n\r\n`));
    }),
  );
  await load(server.url, { count: 3 });
  expect(seen).toEqual(['0.0', '1.0', '1.1']);
});

it('does not use a connection on which the receiver sent unasked data', async () => {
  const seen: string[] = [];
  await using server = await tcpServer(
    onRequests((socket, request, connection) => {
      seen.push(`${connection}.${request}`);
      socket.write(connection === 0 ? `${OK}${OK}` : OK);
    }),
  );
  const result = await load(server.url, { count: 2 });
  expect(seen).toEqual(['0.0', '1.0']);
  expect(result).toMatchObject({ resent: 0, deliveries: { completed: 2 } });
});

it('sends bodies byte for byte that are larger than the buffer of the system', async () => {
  const bodies = [1, 3_000_000, 20, 5_000_000].map((length) => Buffer.alloc(length, `${length}-`));
  const seen: Buffer[] = [];
  await using server = await httpServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      seen.push(Buffer.concat(chunks));
      response.end();
    });
  });
  const event = { eventName: 'inquiry.approved', eventId: 'evt_1' };
  const source: EventSource = {
    count: 8,
    // One memory for all of them, as the renderer of a mix has.
    createRenderer: () => ({ render: (number) => ({ ...event, body: bodies[number % 4]! }) }),
  };
  const { endpoint } = configureWebhook({ url: server.url.href });
  const sender = http1SlotSender(server.url);
  const plan = { concurrency: 3, timeScale: 1, seed: 1 };
  await emit(source, plan, { endpoint, policy: DEFAULT_POLICY, sender, clock: systemAlarmClock });
  const digests = (list: readonly Buffer[]) =>
    list.map((body) => createHash('sha256').update(body).digest('hex')).toSorted();
  expect(digests(seen)).toEqual(digests([...bodies, ...bodies]));
});

it('drops a connection when the receiver answered before it had the whole request', async () => {
  const seen: number[] = [];
  let connections = 0;
  await using server = await tcpServer((socket) => {
    seen.push(connections++);
    socket.once('data', () => {
      socket.pause();
      socket.write(OK);
    });
  });
  const source: EventSource = {
    count: 2,
    createRenderer: () => ({
      render: () => ({ eventName: 'a', eventId: 'b', body: Buffer.alloc(20_000_000) }),
    }),
  };
  const { endpoint } = configureWebhook({ url: server.url.href });
  const plan = { concurrency: 1, timeScale: 1, seed: 1 };
  const sender = http1SlotSender(server.url);
  const result = await emit(source, plan, {
    ...{ endpoint, sender },
    policy: DEFAULT_POLICY,
    clock: systemAlarmClock,
  });
  expect(result.outcomes.accepted).toBe(2);
  expect(seen).toEqual([0, 1]);
});

describe('https', () => {
  const certificate = { cert: LOCALHOST_CERTIFICATE, key: LOCALHOST_KEY };

  it.each([
    ['trusted', { ca: LOCALHOST_CERTIFICATE }],
    ['any', { insecure: true }],
  ])('keeps connections with a certificate that is %s', async (_, options) => {
    const ports = new Set<number | undefined>();
    const bodies: string[] = [];
    await using server = await httpsServer(certificate, (request, response) => {
      ports.add(request.socket.remotePort);
      request.on('data', (chunk: Buffer) => bodies.push(chunk.toString()));
      request.on('end', () => response.end('ok'));
    });
    const result = await load(
      new URL(`https://localhost:${server.port}/`),
      { count: 20, concurrency: 2 },
      options,
    );
    expect(result).toMatchObject({ resent: 0, outcomes: { accepted: 20 } });
    expect(ports.size).toBe(2);
    expect(bodies.toSorted()[0]).toMatch(/^\{"data":\{"id":"evt_0"/);
  });

  it('refuses a self-signed certificate', async () => {
    await using server = await httpsServer(certificate, (_, response) => response.end());
    const result = await load(new URL(`https://localhost:${server.port}/`), { count: 2 });
    expect(result.codes).toEqual({ DEPTH_ZERO_SELF_SIGNED_CERT: 2 });
  });

  it('fails with a receiver that speaks plain HTTP', async () => {
    await using server = await httpServer((_, response) => response.end());
    const result = await load(new URL(`https://localhost:${server.port}/`), { count: 1 }, { insecure: true });
    expect(result.outcomes.unreachable).toBe(1);
  });
});

describe('the result of an attempt is', () => {
  test.each<[string, (socket: Socket) => void, object]>([
    ['another status', (socket) => socket.write(OK.replace('200', '503')), { statuses: { 503: 1 } }],
    ['a redirect', (socket) => socket.write(OK.replace('200', '301')), { statuses: { 301: 1 } }],
    [
      'an early hint before the answer',
      (socket) => socket.write(`HTTP/1.1 103 Early Hints\r\n\r\n${OK}`),
      { statuses: { 200: 1 } },
    ],
    ['a reset', (socket) => socket.resetAndDestroy(), { codes: { ECONNRESET: 1 } }],
    [
      'a connection that is closed without an answer',
      (socket) => socket.end(),
      { codes: { UND_ERR_SOCKET: 1 } },
    ],
    [
      'half an answer',
      (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nha'),
      { outcomes: { unreachable: 1 } },
    ],
    ['no HTTP', (socket) => socket.end('hello\r\n\r\n'), { outcomes: { unreachable: 1 } }],
    [
      'more than a MiB',
      (socket) => socket.write(`HTTP/1.1 200 OK\r\nContent-Length: 9999999\r\n\r\n${'x'.repeat(1_100_000)}`),
      { statuses: { 200: 1 } },
    ],
  ])('%s', async (_, react, expected) => {
    await using server = await tcpServer(onRequests(react));
    expect(await load(server.url, { count: 1 })).toMatchObject({ attempts: 1, resent: 0, ...expected });
  });

  // Side by side, since each waits for its limit twice.
  test.concurrent.each<[string, string, (socket: Socket) => void]>([
    ['silence', 'headers', () => undefined],
    ['headers and then silence', 'body', (socket) => socket.write(OK.slice(0, -1))],
    [
      'a drip of bytes',
      'body',
      (socket) => {
        socket.write(OK.replace('Length: 2', 'Length: 100000'));
        const drip = setInterval(() => socket.write('.'), 20);
        socket.once('close', () => clearInterval(drip));
      },
    ],
  ])('%s: timed out at the limit, in the phase %s', async (_, phase, react) => {
    await using server = await tcpServer(onRequests(react));
    const result = await load(server.url, { count: 2, timeoutMs: 1_000 });
    expect(result).toMatchObject({ attempts: 2, phases: { [phase]: 2 }, outcomes: { 'timed-out': 2 } });
    for (const [us] of result.responseTime) expect(us).toBeGreaterThanOrEqual(1_000_000);
  });

  it('a refused connection when nothing listens', async () => {
    const server = await tcpServer(() => undefined);
    await server[Symbol.asyncDispose]();
    expect(await load(server.url, { count: 2 })).toMatchObject({ codes: { ECONNREFUSED: 2 } });
  });

  it('followed by another attempt over a new connection after a timeout', async () => {
    await using server = await tcpServer(
      onRequests((socket, _, connection) => {
        if (connection > 0) socket.write(OK);
      }),
    );
    const result = await load(server.url, { count: 3, timeoutMs: 1_000 });
    expect(result.outcomes).toMatchObject({ accepted: 2, 'timed-out': 1 });
  });
});

it('sends no request to remote addresses', async () => {
  await expect(load(new URL('http://192.0.2.1/hook'), { count: 1 })).rejects.toMatchObject({
    code: 'REMOTE_ADDRESS',
  });
});

describe('the request', () => {
  const position = {
    attempt: 3,
    attemptsLeft: 6,
    nowMs: Date.parse('2026-01-31T12:00:00.250Z'),
    simulatedElapsedMs: 69_000,
    simulatedAtMs: Date.parse('2026-01-31T12:00:00.250Z'),
  };
  const [old, fresh] = [new Secret('wbhsec_old'), new Secret('wbhsec_new')];
  const beforeMs = position.simulatedAtMs - 1;

  test.each([
    ['one secret', { secrets: [{ secret: fresh }] }],
    ['a rotation', { secrets: [{ secret: fresh }, { secret: old, expiresAtMs: beforeMs + 2 }] }],
    ['a rotation that is over', { secrets: [{ secret: fresh }, { secret: old, expiresAtMs: beforeMs }] }],
    ['no secret left', { secrets: [{ secret: old, expiresAtMs: beforeMs }] }],
    [
      'custom headers',
      {
        secrets: [{ secret: fresh }],
        customHeaders: { 'X-Team': 'a', 'user-agent': 'mine' },
        userAgent: 'b',
      },
    ],
  ])('has the same bytes as the request of a single delivery: %s', async (_, parts) => {
    const requests: string[] = [];
    await using server = await tcpServer((socket) => {
      let text = '';
      socket.on('data', (chunk) => {
        text += chunk.toString('latin1');
        if (!text.endsWith('{"a":1}')) return;
        requests.push(text);
        socket.end(OK);
      });
    });
    const endpoint = { url: server.url, ...parts };
    const body = Buffer.from('{"a":1}');
    await undiciSender().send(buildRequest(endpoint, body, position), { timeoutMs: 5_000 });
    const headers = new AttemptHeaders(endpoint);
    headers.write(body, position);
    await new Promise<void>((resolve) => {
      const fail = () => resolve();
      const listener = { answered: () => resolve(), failed: fail, refused: fail, lost: fail };
      const connection = http1SlotSender(server.url).open(listener);
      connection.send(headers.list, body);
    });
    expect(requests).toHaveLength(2);
    expect(requests[1]).toBe(requests[0]);
  });
});

it('counts the same requests as the receiver', async () => {
  const secret = new Secret('wbhsec_test');
  await using receiver = await startReceiver({ secrets: [secret], script: parseScript('500,200,503,200') });
  const { endpoint } = configureWebhook({ url: receiver.url, secret: secret.reveal() });
  const plan = { count: 1_000, concurrency: 20, timeScale: Infinity, seed: 1, duplicates: 0.1, forged: 0.1 };
  const sender = http1SlotSender(endpoint.url);
  const result = await emit(numberedEvents(), plan, {
    ...{ endpoint, sender },
    policy: DEFAULT_POLICY,
    clock: systemAlarmClock,
  });
  const genuine = receiver.received.filter(({ verification }) => verification.kind === 'valid');
  expect(result.attempts + result.resent).toBe(genuine.length);
  expect(result.forged.refused).toBe(receiver.received.length - genuine.length);
  expect(result.deliveries.completed).toBe(result.events + result.duplicates);
  expect(result.statuses).toEqual({ 200: genuine.length - 2, 500: 1, 503: 1 });
});

async function httpsServer(options: ServerOptions, listener: RequestListener) {
  const server = createServer(options, listener);
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
