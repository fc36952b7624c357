import type { Exchange } from '../../ports.ts';
import type { Check, Verdict, VerdictKind, CheckContext, Deviation, Sample } from '../check.ts';
import type { OracleReading } from '../oracle.ts';

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

type Settings = Pick<CheckContext, 'settings'>;

/** Also with a status that another of Persona's policies accepts: ACK-01 and ACK-02 say so, once. */
export function isAccepted(exchange: Exchange, { settings }: Settings): boolean {
  const { acceptedStatuses, toleratedStatuses = [] } = settings;
  const status = statusOf(exchange);
  return status !== undefined && [...acceptedStatuses, ...toleratedStatuses].includes(status);
}

/** As {@link isAccepted}, but by the policy alone: what `send` would call delivered. */
export function isDelivered(exchange: Exchange, { settings }: Settings): boolean {
  return settings.acceptedStatuses.includes(statusOf(exchange) ?? 0);
}

export const POLICY_REMEDY =
  "only 200 by the overview of 2022; Persona's pages of 2026 also accept 201, 202, 204: `policy` persona-2026";

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

/** A request that must not have an effect, and what it is, completing "refuses …". */
interface Forged {
  readonly eventId: string;
  readonly what: string;
}

/** Asks the oracle, where there is one, whether the forged event had an effect. */
export async function mustReject(
  exchange: Exchange,
  context: CheckContext,
  forged: Forged,
): Promise<Verdict> {
  const reading = context.oracle === undefined ? undefined : await context.consult([forged.eventId]);
  return judgeRefusal(exchange, forged, reading);
}

/**
 * A forged request must be refused. 4xx passes; 5xx and a closed connection refuse by accident: non-strict.
 * An accepted one (2xx) fails when the oracle saw it processed and is non-strict when it did not; without an
 * oracle that stays open, since some receivers answer 200 to forgeries so as not to be tried again. A receiver may
 * also act first and refuse afterwards.
 */
function judgeRefusal(
  exchange: Exchange,
  { eventId, what }: Forged,
  reading: OracleReading | undefined,
): Verdict {
  const expected = `refuses ${what} with a 4xx status and does nothing`;
  const seen = describeExchange(exchange);
  const status = statusOf(exchange);
  const count = reading?.processed(eventId) ?? 0;
  if (count > 0) return verdict('fail', expected, `${seen}, ${processedWords(status, count)}`);
  if (status === undefined) return verdict('non-strict', expected, `${seen}: refused, but by accident`);
  if (status >= 500) return verdict('non-strict', expected, `${seen}: refused, but by an error of its own`);
  if (status >= 400) return verdict('pass', expected, seen);
  if (status >= 300) return verdict('non-strict', expected, `${seen}: neither accepted nor refused`);
  if (reading === undefined)
    return verdict('needs-oracle', expected, `${seen}: only an oracle can tell whether it acted`);
  return verdict('non-strict', expected, `${seen}, but not processed: the sender is told that all is well`);
}

function processedWords(status: number | undefined, count: number): string {
  const isRefused = (status ?? 500) >= 400;
  return isRefused ? `but processed ${count} time(s) all the same` : `and processed ${count} time(s)`;
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

/** One way to make a genuine event a forged one. */
export interface Forgery {
  readonly variant: string;
  /** Completes "refuses …". */
  readonly what: string;
  /** Undefined where it cannot be made, e.g. of a secret without the prefix. */
  readonly forge: (sample: Sample, context: CheckContext) => ForgedRequest | undefined;
}

interface ForgedRequest extends Deviation {
  /** Sent in place of the sample. */
  readonly body?: Buffer;
}

/** Right but for the secret, which the receiver does not know. */
export function signedByStranger(
  { body }: Pick<Sample, 'body'>,
  context: CheckContext,
): { readonly signature: string } {
  return { signature: context.sign(body, { secrets: [context.foreignSecret] }) };
}

type Judge = (
  exchange: Exchange,
  forged: Forged & { readonly variant: string },
  reading: OracleReading | undefined,
) => Verdict;

/** Sends each forgery with an event of its own, then looks once at all effects; the gravest verdict counts. */
export async function mustRejectAll(
  context: CheckContext,
  forgeries: readonly Forgery[],
  judge: Judge = judgeRefusal,
): Promise<Verdict> {
  const sent = [];
  for (const { variant, what, forge } of forgeries) {
    const sample = await context.sample();
    const forged = forge(sample, context);
    if (forged === undefined) continue;
    const { body = sample.body, ...deviation } = forged;
    const { eventId } = forged.body === undefined ? sample : context.sampleOf(body);
    sent.push({
      variant,
      what,
      eventId,
      exchange: await context.send(body, { label: variant, ...deviation }),
    });
  }
  if (sent.length === 0) return verdict('skipped', 'refuses', 'cannot be made from this secret');
  const ids = sent.map(({ eventId }) => eventId);
  const reading = context.oracle === undefined ? undefined : await context.consult(ids);
  return gravest(
    sent.map(({ exchange, ...forged }) => ({ ...judge(exchange, forged, reading), variant: forged.variant })),
  );
}

/** A check whose requests are all forged. One that is accepted is a finding, whatever becomes of genuine events. */
export function forgeryCheck({
  forgeries,
  ...check
}: Omit<Check, 'run'> & { readonly forgeries: readonly Forgery[] }): Check {
  const run = (context: CheckContext) => mustRejectAll(context, forgeries);
  return { ...check, isNegative: true, provesAlone: true, run };
}

/** For a check that asks whether the receiver breaks: a server error is not a refusal. */
export const mustRefuseCalmly: Judge = (exchange, forged, reading) => {
  const status = statusOf(exchange);
  if (status !== undefined && status < 500) return judgeRefusal(exchange, forged, reading);
  const expected = `refuses ${forged.what} with a 4xx status, not by an error of its own`;
  return verdict('fail', expected, describeExchange(exchange));
};

/**
 * Controls around an input that may break the receiver. Unlike those of the runner, the one after is part of
 * the question: a receiver that is down afterwards has failed.
 */
export async function expectStillUp(context: CheckContext, judge: () => Promise<Verdict>): Promise<Verdict> {
  if (!context.isFounded) return judge();
  const expected = 'accepts genuine events before and after';
  const before = await context.send(await context.sample(), { label: 'control before' });
  if (!isAccepted(before, context))
    return verdict('error', expected, `the control before was not accepted: ${describeExchange(before)}`);
  const answer = await judge();
  const after = await context.send(await context.sample(), { label: 'the next genuine event' });
  if (isAccepted(after, context)) return answer;
  const actual = `${answer.actual}; the next genuine event was not accepted: ${describeExchange(after)}`;
  return verdict('fail', answer.expected, actual);
}
