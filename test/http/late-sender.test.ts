import { expect, test } from 'vitest';
import { lateSender } from '../../src/http/connection-rules.ts';
import { httpServer } from '../helpers/servers.ts';

test.each(['undiciSender', 'burstSender'] as const)(
  'what is cancelled while the %s is loaded is never sent; what comes after it is',
  async (kind) => {
    let received = 0;
    await using receiver = await httpServer((_, response) => {
      received += 1;
      response.end();
    });
    const request = { url: receiver.url, headers: {}, body: Buffer.from('{}') };
    const sender = lateSender({}, kind);
    const stop = new AbortController();
    const cancelled = sender.send(request, { timeoutMs: 20_000, signal: stop.signal });
    stop.abort(new Error('not any more'));
    expect(await cancelled).toEqual({ kind: 'cancelled', timings: { totalMs: 0 } });
    expect(await sender.send(request, { timeoutMs: 20_000 })).toMatchObject({ kind: 'response' });
    expect(received).toBe(1);
  },
);
