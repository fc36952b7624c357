import type { Exchange } from '../../ports.ts';
import type { Verdict, VerdictKind } from '../check.ts';
import type { CheckContext } from '../context.ts';

/** Persona's limit of an attempt: an answer must be complete within it. */
export const LIMIT_MS = 5_000;

/** One line on what came back. */
export function describeExchange(exchange: Exchange): string {
  switch (exchange.kind) {
    case 'response':
      return `status ${exchange.response.status}`;
    case 'timed-out':
      return `no complete answer in time (stopped at: ${exchange.phase})`;
    case 'unreachable':
      return `no answer (${exchange.code})`;
    case 'cancelled':
      return 'interrupted';
  }
}

export function isAccepted(exchange: Exchange, { settings }: Pick<CheckContext, 'settings'>): boolean {
  return exchange.kind === 'response' && settings.acceptedStatuses.includes(exchange.response.status);
}

export function statusOf(exchange: Exchange): number | undefined {
  return exchange.kind === 'response' ? exchange.response.status : undefined;
}

export const verdict = (kind: VerdictKind, expected: string, actual: string): Verdict => ({
  kind,
  expected,
  actual,
});

/** A genuine request must be accepted. `what` completes "accepted: ". */
export function mustAccept(exchange: Exchange, context: CheckContext, what = 'a genuine event'): Verdict {
  const expected = `accepts ${what} with ${context.settings.acceptedStatuses.join(', ')} within 5 s`;
  return verdict(isAccepted(exchange, context) ? 'pass' : 'fail', expected, describeExchange(exchange));
}

/**
 * A forged request must be refused. 4xx passes; 5xx and a closed connection refuse by accident: non-strict.
 * An accepted one (2xx) fails when the oracle saw it processed and is non-strict when it did not; without an
 * oracle nobody can tell, since some receivers answer 200 to forgeries so as not to be tried again.
 */
export async function mustReject(
  exchange: Exchange,
  context: CheckContext,
  forged: { readonly eventId: string; readonly what: string },
): Promise<Verdict> {
  const expected = `refuses ${forged.what} with a 4xx status and does nothing`;
  const seen = describeExchange(exchange);
  const status = statusOf(exchange);
  if (status === undefined) return verdict('non-strict', expected, `${seen}: refused, but by accident`);
  if (status >= 400 && status < 500) return refusedCleanly({ expected, seen }, context, forged.eventId);
  if (status >= 500) return verdict('non-strict', expected, `${seen}: refused, but by an error of its own`);
  if (status >= 300) return verdict('non-strict', expected, `${seen}: neither accepted nor refused`);
  if (context.oracle === undefined)
    return verdict('needs-oracle', expected, `${seen}: only an oracle can tell whether it acted`);
  const count = (await context.consult([forged.eventId])).processed(forged.eventId);
  if (count > 0) return verdict('fail', expected, `${seen}, and processed ${count} time(s)`);
  return verdict('non-strict', expected, `${seen}, but not processed: the sender is told that all is well`);
}

/** With an oracle a 4xx is checked too: a receiver may act first and refuse afterwards. */
async function refusedCleanly(
  { expected, seen }: { expected: string; seen: string },
  context: CheckContext,
  eventId: string,
): Promise<Verdict> {
  if (context.oracle === undefined) return verdict('pass', expected, seen);
  const count = (await context.consult([eventId])).processed(eventId);
  return count === 0
    ? verdict('pass', expected, seen)
    : verdict('fail', expected, `${seen}, but processed ${count} time(s) all the same`);
}

/** Whatever the receiver thinks of it, it must not break. */
export function mustNotBreak(exchange: Exchange, what: string): Verdict {
  const expected = `answers ${what} without a 5xx status and stays up`;
  const status = statusOf(exchange);
  const isFine = status !== undefined && status < 500;
  return verdict(isFine ? 'pass' : 'fail', expected, describeExchange(exchange));
}

const GRAVITY: readonly VerdictKind[] = [
  'pass',
  'info',
  'non-strict',
  'skipped',
  'needs-oracle',
  'fail',
  'error',
];

/** The gravest of several verdicts, its words naming which of the variants it was. */
export function gravest(verdicts: readonly (Verdict & { readonly variant?: string })[]): Verdict {
  const worst = verdicts.reduce((a, b) => (GRAVITY.indexOf(b.kind) > GRAVITY.indexOf(a.kind) ? b : a));
  const label = worst.variant === undefined || verdicts.length === 1 ? '' : `${worst.variant}: `;
  return { kind: worst.kind, expected: worst.expected, actual: label + worst.actual };
}
