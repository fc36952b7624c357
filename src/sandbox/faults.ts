import { UsageError } from '../errors.ts';
import { didYouMean } from '../text/nearest.ts';
import { parseDurationMs } from '../delivery/time-scale.ts';

/** A fault that the sandbox is asked for, in the order of arrival: each has its own count. */
export interface Fault {
  readonly kind: '429' | '500' | '503' | 'latency' | 'stale-read' | 'early-event';
  /** How many requests it strikes; Infinity strikes all. */
  readonly times: number;
  /** Of `latency` and `stale-read`, in milliseconds. */
  readonly durationMs: number;
}

const KINDS = ['429', '500', '503', 'latency', 'stale-read', 'early-event'] as const;

/**
 * Reads `503`, `429:3` (the next three requests), `latency:250ms`, `stale-read:5s` (a GET answers with what was so
 * long ago, so that a webhook overtakes it) or `early-event` (the webhook leaves before the 201).
 * @throws {UsageError}
 */
export function parseFault(text: string): Fault {
  const [name = '', argument] = text.split(':', 2);
  const kind = KINDS.find((known) => known === name);
  if (kind === undefined)
    throw new UsageError(`\`faults\` ${text}: expected one of ${KINDS.join(', ')}${didYouMean(name, KINDS)}`);
  if (kind === 'latency' || kind === 'stale-read') return lasting(text, kind, argument);
  const times = argument === undefined ? Number.POSITIVE_INFINITY : Number(argument);
  if (!(times >= 1 && (Number.isInteger(times) || times === Number.POSITIVE_INFINITY)))
    throw new UsageError(`\`faults\` ${text}: expected how many requests fail, such as ${kind}:3`);
  return { kind, times, durationMs: 0 };
}

function lasting(text: string, kind: 'latency' | 'stale-read', argument: string | undefined): Fault {
  const durationMs = parseDurationMs(argument ?? '');
  if (durationMs === undefined)
    throw new UsageError(`\`faults\` ${text}: expected a duration, such as ${kind}:500ms`);
  return { kind, times: Number.POSITIVE_INFINITY, durationMs };
}
