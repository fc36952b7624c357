import type { Arbitrary } from 'fast-check';
import type { Verdict, CheckContext, Sample } from '../check.ts';
import { verdict } from './expect.ts';
import type { Generator } from './generate-body.ts';
import type { Exchange } from '../../ports.ts';

/** What is generated, how a body is made of it, and what the receiver must make of that. */
interface Search<T> {
  readonly samples: (fc: Generator) => Arbitrary<T>;
  readonly build: (given: T) => Promise<GeneratedBody>;
  readonly judge: (exchange: Exchange) => Verdict;
}

export interface GeneratedBody {
  readonly sample: Sample;
  /** How it differs from an ordinary event, for people. */
  readonly difference: string;
}

const RUNS = 40;
/** Runs and shrinking together: shrinking has no limit of its own. */
const MAX_REQUESTS = 250;
const MAX_MS = 30_000;
const SEED_LIMIT = 2 ** 31 - 1;

/**
 * Sends generated bodies until one is not taken as it must be, then ever smaller ones that still are not. The
 * last request of the wire log is the smallest.
 */
export async function searchBodies<T>(context: CheckContext, search: Search<T>): Promise<Verdict> {
  const fc = await import('fast-check');
  const probe = new Probe(context, search);
  const property = fc.asyncProperty(search.samples(fc), (given) => probe.isGood(given));
  const details = await fc.check(property, { numRuns: RUNS, seed: context.random.below(SEED_LIMIT) });
  if (probe.error !== undefined) throw probe.error;
  const [smallest] = details.counterexample ?? [];
  if (!details.failed || smallest === undefined) return probe.praise();
  return probe.blame(smallest);
}

class Probe<T> {
  readonly #context: CheckContext;
  readonly #search: Search<T>;
  readonly #endMs: number;
  #requests = 0;
  #last: Verdict | undefined;
  /** A fault of ours, or an interrupted run: no finding about the receiver. */
  error: Error | undefined;

  constructor(context: CheckContext, search: Search<T>) {
    this.#context = context;
    this.#search = search;
    this.#endMs = context.clock.now() + MAX_MS;
  }

  /** With the budget spent everything is good, so that the search ends where it stands. */
  async isGood(given: T): Promise<boolean> {
    const { clock } = this.#context;
    if (this.error !== undefined || this.#requests >= MAX_REQUESTS || clock.now() > this.#endMs) return true;
    try {
      const { answer } = await this.#try(given, 'generated body');
      return answer.kind === 'pass';
    } catch (error) {
      this.error = error instanceof Error ? error : new Error(String(error));
      return true;
    }
  }

  praise(): Verdict {
    const { expected = '', actual = '' } = this.#last ?? {};
    return verdict('pass', expected, `all of ${this.#requests} generated bodies, the last: ${actual}`);
  }

  async blame(smallest: T): Promise<Verdict> {
    const { answer, difference } = await this.#try(smallest, 'smallest body that breaks it');
    const again = answer.kind === 'pass' ? ' when sent again, but not the first time,' : '';
    return verdict('fail', answer.expected, `${answer.actual}${again} for ${difference}`);
  }

  async #try(given: T, label: string): Promise<{ answer: Verdict; difference: string }> {
    const { sample, difference } = await this.#search.build(given);
    const exchange = await this.#context.send(sample, { label });
    if (exchange.kind === 'cancelled') throw new Error('interrupted');
    this.#requests += 1;
    const answer = this.#search.judge(exchange);
    this.#last = answer;
    return { answer, difference };
  }
}
