import type { Exchange } from '../../ports.ts';
import type { Verdict, CheckContext, Deviation, Sample } from '../check.ts';
import { isActedUpon } from './effects.ts';
import { describeExchange, gravest, mustAccept, mustNotBreak } from './expect.ts';

/** One of the requests of a check that asks the same of several. */
export interface Trial {
  readonly variant: string;
  readonly sample: Sample;
  readonly deviation?: Deviation;
}

type Finding = Verdict & { readonly variant: string };

/** All must be accepted, and each processed once where an oracle can tell. `what` is as for `mustAccept`. */
export async function mustTakeAll(
  context: CheckContext,
  trials: readonly Trial[],
  what: string,
): Promise<Verdict> {
  const findings = await acceptances(context, trials, what);
  if (context.oracle === undefined) return summary(findings);
  const awaited = trials.filter(
    ({ sample }, index) => findings[index]?.kind === 'pass' && isActedUpon(context, sample),
  );
  const reading = await context.consult(
    trials.map(({ sample }) => sample.eventId),
    (seen) => awaited.every(({ sample }) => seen.processed(sample.eventId) > 0),
  );
  return summary(
    findings.map((finding, index) => {
      const count = reading.processed(trials[index]?.sample.eventId ?? '');
      const sample = trials[index]?.sample;
      const isIgnored = count === 0 && sample !== undefined && !isActedUpon(context, sample);
      if (finding.kind !== 'pass' || count === 1 || isIgnored) return finding;
      const expected = `${finding.expected}, and processes it once`;
      return {
        ...finding,
        kind: 'fail',
        expected,
        actual: `${finding.actual}, and processed ${count} time(s)`,
      };
    }),
  );
}

/** All must be accepted, whether the receiver has a use for them or not. */
export async function mustAcceptAll(
  context: CheckContext,
  trials: readonly Trial[],
  what: string,
): Promise<Verdict> {
  return summary(await acceptances(context, trials, what));
}

/** Whatever the receiver thinks of them, none may break it. */
export async function mustSurviveAll(
  context: CheckContext,
  trials: readonly Trial[],
  what: string,
): Promise<Verdict> {
  const exchanges = await sendAll(context, trials);
  return summary(exchanges.map(({ variant, exchange }) => ({ ...mustNotBreak(exchange, what), variant })));
}

async function acceptances(
  context: CheckContext,
  trials: readonly Trial[],
  what: string,
): Promise<Finding[]> {
  const exchanges = await sendAll(context, trials);
  return exchanges.map(({ variant, exchange }) => ({ ...mustAccept(exchange, context, what), variant }));
}

/** One after the other: what breaks a receiver shall not be blamed on its neighbour. */
export async function sendAll(
  context: CheckContext,
  trials: readonly Trial[],
): Promise<{ variant: string; exchange: Exchange }[]> {
  const exchanges = [];
  for (const { variant, sample, deviation } of trials) {
    const exchange = await context.send(sample, { label: variant, ...deviation });
    exchanges.push({ variant, exchange });
  }
  return exchanges;
}

const MAX_NAMED = 5;

/** The gravest finding, and which others are as grave. */
export function summary(findings: readonly Finding[]): Verdict {
  const worst = gravest(findings);
  const alike = findings.filter(({ kind }) => kind === worst.kind).map(({ variant }) => variant);
  if (worst.kind === 'pass') {
    return findings.length === 1 ? worst : { ...worst, actual: `all ${findings.length}: ${worst.actual}` };
  }
  const others = alike.slice(1, MAX_NAMED).join(', ');
  const more = alike.length > MAX_NAMED ? ` and ${alike.length - MAX_NAMED} more` : '';
  return others === '' ? worst : { ...worst, actual: `${worst.actual}; likewise ${others}${more}` };
}

/** `snake: status 500, camel: status 400`. */
export function listed(exchanges: readonly { variant: string; exchange: Exchange }[]): string {
  return exchanges.map(({ variant, exchange }) => `${variant}: ${describeExchange(exchange)}`).join(', ');
}
