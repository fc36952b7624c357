import { HookcastError } from '../../src/errors.ts';
import type { SenderOptions } from '../../src/http/connection-rules.ts';
import { http1SlotSender } from '../../src/http/http1/slot-sender.ts';
import { http1StatusSender } from '../../src/http/http1/status-sender.ts';
import { nodeWireSender } from '../../src/http/node-wire.ts';
import { burstSender, undiciSender } from '../../src/http/undici-sender.ts';
import type { Exchange } from '../../src/ports.ts';

export type Verdict =
  | { readonly kind: 'response'; readonly status: number }
  | { readonly kind: 'timed-out'; readonly phase: string }
  | { readonly kind: 'unreachable'; readonly code: string; readonly reason: string }
  | { readonly kind: 'cancelled' };

interface Limits {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/** One POST of `{}`; rejects with a HookcastError for an address that nothing may be sent to. */
export type Post = (url: URL, limits: Limits, options?: SenderOptions) => Promise<Verdict>;

const BODY = Buffer.from('{}');

function verdictOf(exchange: Exchange): Verdict {
  switch (exchange.kind) {
    case 'response':
      return { kind: 'response', status: exchange.response.status };
    case 'timed-out':
      return { kind: 'timed-out', phase: exchange.phase };
    case 'unreachable':
      return { kind: 'unreachable', code: exchange.code, reason: exchange.reason };
    case 'cancelled':
      return { kind: 'cancelled' };
  }
}

const single: Post = async (url, limits, options) =>
  verdictOf(await undiciSender(options).send({ url, headers: {}, body: BODY }, limits));

const burst: Post = async (url, limits, options) =>
  verdictOf(await burstSender(options).send({ url, headers: {}, body: BODY }, limits));

const wire: Post = async (url, limits, options) => {
  const sender = nodeWireSender(options);
  const headers = [['Content-Length', '2']] as const;
  const request = { method: 'POST', url, headers, parts: [{ bytes: BODY }] };
  try {
    return verdictOf(await sender.send(request, limits));
  } finally {
    await sender.close();
  }
};

/** A slot has no limit of its own: whoever owns it gives it up. */
const slot: Post = (url, { timeoutMs, signal }, options) =>
  new Promise((resolve, reject) => {
    const settle = (verdict: Verdict | HookcastError) => {
      clearTimeout(timer);
      connection.close();
      if (verdict instanceof HookcastError) reject(verdict);
      else resolve(verdict);
    };
    const connection = http1SlotSender(url, options).open({
      answered: (status) => settle({ kind: 'response', status }),
      failed: (code, reason) => settle({ kind: 'unreachable', code, reason }),
      refused: settle,
      lost: () => settle({ kind: 'unreachable', code: 'LOST', reason: 'an idle connection was closed' }),
    });
    const timer = setTimeout(() => settle({ kind: 'timed-out', phase: connection.abandon() }), timeoutMs);
    signal?.addEventListener('abort', () => settle({ kind: 'cancelled' }), { once: true });
    connection.send([], BODY);
  });

const status: Post = async (url, limits, options) => {
  const sender = http1StatusSender(options);
  try {
    return verdictOf(await sender.send({ url, headers: {}, body: BODY }, limits));
  } finally {
    sender.close();
  }
};

/** Every implementation of a port that sends. */
export const SENDERS: readonly (readonly [name: string, post: Post])[] = [
  ['HttpSender: undici', single],
  ['HttpSender: undici, in bursts', burst],
  ['HttpSender: http1', status],
  ['SlotSender: http1', slot],
  ['WireSender: node', wire],
];
