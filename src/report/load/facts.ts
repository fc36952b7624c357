import type { DeliveryPolicy } from '../../persona/policies.ts';
import type { LoadExample, LoadResult, DurationSummary } from '../../load/result.ts';
import { describeExhaustion } from '../../load/exhaustion.ts';
import { formatElapsed } from '../duration.ts';
import type { Phase } from '../../ports.ts';
import type { AttemptResult } from '../../load/ports.ts';
import { describeOutcome } from '../describe-outcome.ts';

/** A finished run and what is needed to put it into words. */
export interface LoadReport {
  readonly url: string;
  readonly policy: DeliveryPolicy;
  readonly seed: number;
  /** First attempts a second; absent where there was no limit. */
  readonly ratePerSecond?: number | undefined;
  readonly concurrency: number;
  readonly result: LoadResult;
  readonly responseTime?: DurationSummary | undefined;
  readonly latency?: DurationSummary | undefined;
  readonly lateness?: DurationSummary | undefined;
}

/** The rows of the table at the end: what, and how much of it. */
export function factsOf({ result, ratePerSecond }: LoadReport): [string, string][] {
  const { deliveries, attempts, retries, outcomes, statuses, forged } = result;
  const tookMs = result.endedAtMs - result.startedAtMs;
  const wanted = ratePerSecond === undefined ? '' : ` (asked for ${perSecond(ratePerSecond, 1000)}/s)`;
  const rows: [string, string, boolean][] = [
    ['events', `${grouped(result.events)}${twice(result.duplicates)}`, true],
    ['took', `${formatElapsed(tookMs)}${result.isInterrupted ? ', interrupted' : ''}`, true],
    ['rate', `${perSecond(attempts + forged.sent, tookMs)} attempts a second${wanted}`, true],
    ['deliveries', countsText(deliveries), true],
    [
      'attempts',
      `${grouped(attempts)}${retries === 0 ? '' : `, of them ${grouped(retries)} ${retries === 1 ? 'retry' : 'retries'}`}`,
      true,
    ],
    ['outcomes', countsText(outcomes), true],
    ['statuses', pairs(statuses), Object.keys(statuses).length > 0],
    [
      'no answer',
      pairs({ ...result.codes, ...namedPhases(result) }),
      outcomes.accepted + outcomes.rejected < attempts,
    ],
    ['forged', `${grouped(forged.sent)} sent: ${countsText({ ...forged, sent: 0 })}`, forged.sent > 0],
    [
      'sent again',
      `${grouped(result.resent)} over a new connection: the idle one had been closed`,
      result.resent > 0,
    ],
    ['never sent', `${grouped(result.unsent)}: no connection was free when they were due`, result.unsent > 0],
  ];
  return rows.filter(([, , isShown]) => isShown).map(([name, text]) => [name, text]);
}

function twice(duplicates: number): string {
  return duplicates === 0 ? '' : `, of them ${grouped(duplicates)} delivered twice`;
}

function pairs(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([name, count]) => `${name}: ${grouped(count)}`)
    .join(', ');
}

function namedPhases({ phases }: LoadResult): Record<string, number> {
  return Object.fromEntries(Object.entries(phases).map(([name, count]) => [`timed out (${name})`, count]));
}

/** What a reader must not miss. */
export function warningsOf({ result, concurrency }: LoadReport): string[] {
  const { forged, unsent, exhausted, deliveries } = result;
  const limits = Object.entries(exhausted).map(
    ([code, count]) =>
      `${describeExhaustion(code)}. ${grouped(count)} of ${grouped(concurrency)} connections were given up, the others did their work`,
  );
  return [
    ...(forged.accepted > 0
      ? [`${grouped(forged.accepted)} forged events were ACCEPTED: the receiver does not check signatures`]
      : []),
    ...(unsent > 0
      ? [
          `${grouped(unsent)} events were due and never sent: the receiver is too slow for this rate and concurrency`,
        ]
      : []),
    ...(deliveries.waiting > 0 ? [`${grouped(deliveries.waiting)} deliveries still wait for a retry`] : []),
    ...(deliveries.lost > 0
      ? [
          `${grouped(deliveries.lost)} events had used up their attempts when the outage ended: Persona would not send them again`,
        ]
      : []),
    ...limits,
  ];
}

/** One failure as an example, in a line. */
export function exampleText(example: LoadExample, { policy, url }: LoadReport): string {
  const forged = example.kind === 'accepted' ? 'forged, and accepted: ' : '';
  const place = `${example.eventName} ${example.eventId}, attempt ${example.attempt}`;
  return `${forged}${describeResult(example, policy, url)} (${place})`;
}

/** Was everything delivered, and nothing forged accepted? */
export function isFailed({ deliveries, forged, unsent }: LoadResult): boolean {
  return deliveries.failed > 0 || forged.accepted > 0 || unsent > 0;
}

/** The run in a word: `stopped` when something was left undone and nothing is wrong. */
export function verdictOf({ result }: LoadReport): 'ok' | 'stopped' | 'failed' {
  if (isFailed(result)) return 'failed';
  return result.isInterrupted || result.deliveries.waiting > 0 ? 'stopped' : 'ok';
}

export const VERDICT_WORDS = {
  ok: '✓ All delivered',
  stopped: 'Stopped with work left',
  failed: '✗ Some events failed',
} as const;

/** One line on what became of an attempt, in the words of a single delivery. */
function describeResult(result: AttemptResult, policy: DeliveryPolicy, url: string): string {
  const { kind, status, code } = result;
  switch (kind) {
    case 'accepted':
    case 'rejected': {
      const response = { status, headers: {}, body: Buffer.alloc(0), truncated: false };
      return describeOutcome({ kind, status, response }, policy, url);
    }
    case 'timed-out':
      return describeOutcome({ kind, phase: code as Phase, timeoutMs: policy.timeoutMs }, policy, url);
    case 'unreachable':
      return describeOutcome({ kind, code, reason: 'no complete answer' }, policy, url);
    case 'cancelled':
      return describeOutcome({ kind }, policy, url);
  }
}

/** `1,234,567`, in every locale. */
export function grouped(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** Whole numbers where they are large, one decimal where they are small. */
function perSecond(count: number, ms: number): string {
  if (ms <= 0) return grouped(count);
  const rate = (count * 1000) / ms;
  return rate >= 100 ? grouped(Math.round(rate)) : String(Number(rate.toFixed(1)));
}

/** `4,990 accepted, 10 rejected`; what did not occur is left out. */
function countsText(counts: Readonly<Record<string, number>>): string {
  const seen = Object.entries(counts).filter(([, count]) => count > 0);
  return seen.map(([name, count]) => `${grouped(count)} ${name}`).join(', ') || 'none';
}
