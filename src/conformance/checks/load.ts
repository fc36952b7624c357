import type { Exchange } from '../../ports.ts';
import { Histogram } from '../../load/histogram.ts';
import type { Check, Verdict, CheckContext, Deviation, Sample } from '../check.ts';
import { attemptHeaders, describeAll, times } from '../kit/effects.ts';
import { isAccepted, LIMIT_MS, signedByStranger, statusOf, verdict } from '../kit/expect.ts';
import { duringOutage } from '../kit/outage.ts';

const BURST = 50;
const RATE_PER_SECOND = 20;
const DURATION_SECONDS = 30;
/** Where waiting is scaled down, still enough to see a pattern in. */
const FEWEST = 60;
const HERD = 50;
const OUTAGE_MS = 20_000;

export const LOAD_CHECKS: readonly Check[] = [
  {
    id: 'LOAD-01',
    slug: 'burst',
    title: 'Burst',
    sends: '50 different events at once',
    requirement: 'accepts all of them within 5 s and processes each once',
    level: 'should',
    basis: 'Persona requires',
    source: 'Persona, Webhooks: an answer within 5 s; one step of a user makes several events',
    only: 'load',
    async run(context) {
      const samples = await several(context, BURST);
      const exchanges = await allAtOnce(context, samples, { label: 'burst' });
      return judgeGenuine(context, samples, { expected: this.requirement, exchanges });
    },
  },
  {
    id: 'LOAD-02',
    slug: 'steady-rate-with-forgeries',
    title: 'Steady rate with forgeries',
    sends: '20 events a second for 30 seconds, a third of them forged',
    requirement: 'accepts every genuine event within 5 s and processes it once, whatever is forged meanwhile',
    level: 'should',
    basis: 'general practice',
    source: 'robustness: strangers must not use up the share of the genuine sender',
    only: 'load',
    async run(context) {
      const count = Math.max(FEWEST, (RATE_PER_SECOND * DURATION_SECONDS) / context.pauseScale);
      const genuine: Sample[] = [];
      const [answers, refusals]: Promise<Exchange>[][] = [[], []];
      const samples = await several(context, count);
      const startedMs = context.clock.now();
      for (const [index, sample] of samples.entries()) {
        await untilStart(context, startedMs + (index * 1_000) / RATE_PER_SECOND / context.pauseScale);
        const isForged = index % 3 === 2;
        if (!isForged) genuine.push(sample);
        (isForged ? refusals : answers)?.push(sendEither(context, sample, isForged));
      }
      await Promise.all(refusals ?? []);
      const exchanges = await Promise.all(answers ?? []);
      return judgeGenuine(context, genuine, { expected: this.requirement, exchanges });
    },
  },
  {
    id: 'LOAD-03',
    slug: 'recovery-herd',
    title: 'Recovery herd',
    sends: '50 events during an outage of 20 seconds, and all their next attempts at once when it is over',
    requirement: 'accepts all of them and processes each once',
    level: 'should',
    basis: 'Persona requires',
    source: 'Persona, Webhooks: failed attempts are made again, also those of other events',
    needs: ['oracle', 'hook:dependency-down', 'hook:dependency-up'],
    only: 'load',
    async run(context) {
      const samples = await several(context, HERD);
      const failed = await duringOutage(context, async () => {
        const exchanges = [];
        for (const sample of samples) {
          exchanges.push(await context.send(sample, { label: 'during the outage', isPatient: false }));
          await context.pause(OUTAGE_MS / HERD);
        }
        return exchanges;
      });
      // An accepted one is not sent again; it must have been kept, which the count will tell.
      const pending = samples.filter((_, index) => !isAccepted(failed[index] as Exchange, context));
      const exchanges = await allAtOnce(context, pending, {
        label: 'after the outage',
        headers: attemptHeaders(2),
      });
      return judgeGenuine(context, samples, { expected: this.requirement, exchanges });
    },
  },
];

async function several(context: CheckContext, count: number): Promise<Sample[]> {
  const samples: Sample[] = [];
  while (samples.length < count) samples.push(await context.sample());
  return samples;
}

/** The k-th is due at start + k / rate, however late the one before it was: an open loop. */
async function untilStart(context: CheckContext, intendedMs: number): Promise<void> {
  const leftMs = intendedMs - context.clock.now();
  if (leftMs > 0) await context.pause(leftMs * context.pauseScale);
}

function sendEither(context: CheckContext, sample: Sample, isForged: boolean): Promise<Exchange> {
  const deviation = isForged ? { label: 'forged', ...signedByStranger(sample, context) } : {};
  return context.send(sample, { ...deviation, isPatient: false });
}

function allAtOnce(
  context: CheckContext,
  samples: readonly Sample[],
  deviation: Deviation,
): Promise<Exchange[]> {
  return Promise.all(samples.map((sample) => context.send(sample, { ...deviation, isPatient: false })));
}

async function judgeGenuine(
  context: CheckContext,
  samples: readonly Sample[],
  { expected, exchanges }: { readonly expected: string; readonly exchanges: readonly Exchange[] },
): Promise<Verdict> {
  const refused = exchanges.filter((exchange) => !isAccepted(exchange, context));
  if (refused.length > 0) {
    const limited = refused.some((exchange) => statusOf(exchange) === 429) ? '; a rate limit?' : '';
    const seen = `${refused.length} of ${exchanges.length} not accepted: ${describeAll(refused)}${limited}`;
    return verdict('fail', expected, seen);
  }
  const seen = `${exchanges.length} accepted, 99 % within ${percentile99(exchanges)} of ${LIMIT_MS} ms`;
  if (context.oracle === undefined) return verdict('pass', expected, seen);
  const reading = await context.consult(samples.map(({ eventId }) => eventId));
  const wrong = samples.map(({ eventId }) => reading.processed(eventId)).filter((count) => count !== 1);
  if (wrong.length === 0) return verdict('pass', expected, `${seen}, each processed once`);
  const most = Math.max(...wrong);
  const words = most === 0 ? 'not processed' : `not processed once, but up to ${times(most)}`;
  return verdict('fail', expected, `${seen}; ${wrong.length} ${words}`);
}

function percentile99(exchanges: readonly Exchange[]): number {
  const recorder = new Histogram();
  for (const { timings } of exchanges) recorder.recordMs(timings.totalMs);
  return Math.round(recorder.percentile(99) / 1000);
}
