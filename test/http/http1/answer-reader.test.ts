import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { AnswerReader } from '../../../src/http/http1/answer-reader.ts';
import { KnownHead } from '../../../src/http/http1/known-head.ts';
import { MalformedAnswerError } from '../../../src/http/http1/malformed-answer.ts';
import { undiciSender } from '../../../src/http/undici-sender.ts';
import { oddAnswers } from '../../helpers/odd-answers.ts';
import { tcpServer } from '../../helpers/servers.ts';

/** The status of what came before the receiver closed, or undefined when that is not a complete answer. */
function statusOf(...pieces: Buffer[]): number | undefined {
  const reader = new AnswerReader();
  try {
    const isComplete = pieces.some((piece) => reader.read(piece)) || reader.end();
    return isComplete ? reader.status : undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(MalformedAnswerError);
    return undefined;
  }
}

it('reads the same as undici, whatever the receiver sends before it closes', async () => {
  const answers = fc.sample(oddAnswers, { numRuns: 1_200, seed: 1 });
  await using server = await tcpServer((socket) => {
    let request = '';
    socket.on('data', (bytes) => {
      request += bytes.toString('latin1');
      const number = /^POST \/(\d+) [^]*\{\}$/.exec(request)?.[1];
      if (number !== undefined) socket.end(answers[Number(number)] ?? expect.fail());
    });
  });
  const seen: (number | undefined)[] = [];
  for (let from = 0; from < answers.length; from += 100) {
    const numbers = answers.slice(from, from + 100).map((_, index) => from + index);
    const statuses = numbers.map(async (number) => {
      const request = { url: new URL(`/${number}`, server.url), headers: {}, body: Buffer.from('{}') };
      const exchange = await undiciSender().send(request, { timeoutMs: 30_000 });
      return exchange.kind === 'response' ? exchange.response.status : undefined;
    });
    seen.push(...(await Promise.all(statuses)));
  }
  expect(answers.map((bytes) => statusOf(bytes))).toEqual(seen);
  // Both sorts are there in numbers.
  expect(seen.filter((status) => status !== undefined).length).toBeGreaterThan(200);
  expect(seen.filter((status) => status === undefined).length).toBeGreaterThan(200);
});

it('reads the same in pieces', () => {
  fc.assert(
    fc.property(oddAnswers, fc.array(fc.nat(200), { maxLength: 4 }), (bytes, cuts) => {
      const places = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
      const pieces = places.slice(1).map((to, index) => bytes.subarray(places[index], to));
      expect(statusOf(...pieces)).toBe(statusOf(bytes));
    }),
  );
});

it('reads the same whatever came before on this and other connections', () => {
  const outcome = (reader: AnswerReader, bytes: Buffer) => {
    try {
      const isComplete = reader.read(bytes);
      const { status, isLast, keepAliveMs, received } = reader;
      return { isComplete, status, isLast, keepAliveMs, received };
    } catch (error) {
      return error;
    }
  };
  fc.assert(
    fc.property(
      fc.array(oddAnswers, { minLength: 1, maxLength: 3 }),
      fc.array(fc.nat()),
      (answers, order) => {
        const known = new KnownHead();
        const readers = [new AnswerReader(known), new AnswerReader(known)];
        for (const pick of [...order, ...order]) {
          const bytes = answers[pick % answers.length]!;
          const reader = readers[pick % 2]!;
          reader.begin();
          expect(outcome(reader, bytes)).toEqual(outcome(new AnswerReader(), bytes));
        }
      },
    ),
  );
});

describe('whether another request may follow is decided', () => {
  const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
  test.each<[string, string, boolean]>([
    ['an answer with a length', OK, true],
    ['one in chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', true],
    ['one without a body', 'HTTP/1.1 204 No Content\r\n\r\n', true],
    ['one after an early hint', `HTTP/1.1 103 Early Hints\r\nConnection: close\r\n\r\n${OK}`, true],
    ['one that closes', OK.replace('\r\n\r\n', '\r\nconnection: Close\r\n\r\n'), false],
    ['one of HTTP/1.0', OK.replace('1.1', '1.0'), false],
    [
      'one of HTTP/1.0 that stays',
      OK.replace('1.1', '1.0').replace('\r\n\r\n', '\r\nConnection: keep-alive\r\n\r\n'),
      true,
    ],
    ['one that more follows', `${OK}!`, false],
  ])('after %s', (_, text, expected) => {
    const reader = new AnswerReader();
    expect(reader.read(Buffer.from(text))).toBe(true);
    expect(!reader.isLast).toBe(expected);
  });

  it('against it after an answer that ends with the connection', () => {
    const reader = new AnswerReader();
    expect(reader.read(Buffer.from('HTTP/1.1 200 OK\r\n\r\nok'))).toBe(false);
    expect(reader.end()).toBe(true);
    expect(reader.isLast).toBe(true);
  });
});

it('keeps nothing of an answer for the next', () => {
  const reader = new AnswerReader();
  reader.read(Buffer.from('HTTP/1.0 503 No\r\nKeep-Alive: timeout=7\r\nContent-Length: 4\r\n\r\nbusy'));
  expect(reader).toMatchObject({
    status: 503,
    received: 4,
    keepAliveMs: 7_000,
    isLast: true,
    hasBegun: true,
  });
  reader.begin();
  expect(reader).toMatchObject({ status: 0, received: 0, isLast: false, hasBegun: false });
  expect(reader.keepAliveMs).toBeUndefined();
  expect(reader.read(Buffer.from('HTTP/1.1 200 OK\r\n\r\n'))).toBe(false);
});

it('reads a million chunks of one byte in little time', () => {
  const chunks = Buffer.from(
    `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${'1\r\na\r\n'.repeat(1_000_000)}`,
  );
  const readMs = (pieceBytes: number) => {
    const reader = new AnswerReader();
    const before = process.cpuUsage();
    for (let at = 0; at < chunks.length; at += pieceBytes) reader.read(chunks.subarray(at, at + pieceBytes));
    expect(reader.received).toBe(1_000_000);
    return process.cpuUsage(before).user / 1_000;
  };
  // It was 2 s: each line was a text of its own.
  expect(Math.min(readMs(65_536), readMs(65_536))).toBeLessThan(400);
});

it('refuses endless headers', () => {
  const reader = new AnswerReader();
  const lines = Buffer.from(`HTTP/1.1 200 OK\r\n${'X: yyyyyyyyyyyy\r\n'.repeat(1_000)}`);
  expect(() => reader.read(lines)).toThrow(expect.objectContaining({ code: 'UND_ERR_HEADERS_OVERFLOW' }));
});
