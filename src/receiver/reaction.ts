import { parseDurationMs } from '../delivery/time-scale.ts';
import { UsageError } from '../errors.ts';

/** What the receiver does with one request. */
export type Reaction =
  | { readonly kind: 'status'; readonly status: number; readonly delayMs: number }
  /** Never answers. */
  | { readonly kind: 'hang' }
  /** Closes the connection hard, without an answer. */
  | { readonly kind: 'reset' }
  /** 301 to another path of the same server. */
  | { readonly kind: 'redirect' };

const FORMS = '200, 500, any status; hang; reset; redirect; slow:2s (200 after 2 s); slow:6s:503';

/** Reads `500,hang,slow:2s,200`: one reaction per request, the last for all that follow. @throws {UsageError} */
export function parseScript(text: string): Reaction[] {
  return text.split(',').map((item) => parseReaction(item.trim()));
}

function parseReaction(text: string): Reaction {
  if (text === 'hang' || text === 'reset' || text === 'redirect') return { kind: text };
  if (isStatus(text)) return { kind: 'status', status: Number(text), delayMs: 0 };
  const [head, duration = '', status = '200'] = text.split(':');
  const delayMs = head === 'slow' && isStatus(status) ? parseDurationMs(duration) : undefined;
  if (delayMs !== undefined) return { kind: 'status', status: Number(status), delayMs };
  throw new UsageError(`\`script\` '${text}': expected one of ${FORMS}`);
}

function isStatus(text: string): boolean {
  return /^[2-5]\d\d$/.test(text);
}
