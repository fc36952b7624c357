import type * as FastCheck from 'fast-check';
import type { Arbitrary } from 'fast-check';
import type { Verdict, CheckContext, Sample } from '../check.ts';
import { verdict } from './expect.ts';
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
/** Limits runs and shrinking together, since shrinking has no separate limit. */
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

  /** When the budget is spent, every body counts as good, so that the search ends at once. */
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

/** Loaded by the checks that generate bodies, and by nothing else: it is large. */
export type Generator = typeof FastCheck;

/** JSON values as exact text: `-0`, `1.50e2`, `"\u003c山\/"`, `[["a",null]]`. */
export function valueText(fc: Generator): Arbitrary<string> {
  const leaf = fc.oneof(numberText(fc), stringText(fc), fc.constantFrom('null', 'true', 'false'));
  const wrappers = fc.array(fc.constantFrom<Wrapper[]>('array', 'object'), { maxLength: MAX_DEPTH });
  return fc
    .record({
      leaves: fc.array(leaf, { minLength: 1, maxLength: 3 }),
      wrapped: fc.oneof(
        { weight: 3, arbitrary: fc.constant<Wrapper[]>([]) },
        { weight: 1, arbitrary: wrappers },
      ),
    })
    .map(({ leaves, wrapped }) => {
      const [only = '', ...others] = leaves;
      return wrapped.reduce<string>(wrap, others.length === 0 ? only : `[${leaves.join(',')}]`);
    });
}

/** Deeper than any event, not so deep that a parser with a limit refuses. */
const MAX_DEPTH = 48;

type Wrapper = 'array' | 'object';

function wrap(text: string, kind: Wrapper): string {
  return kind === 'array' ? `[${text}]` : `{"a":${text}}`;
}

/** Every spelling that RFC 8259 allows, of numbers that a float can hold (though not exactly). */
function numberText(fc: Generator): Arbitrary<string> {
  const digits = fc.array(fc.nat(9), { minLength: 1, maxLength: 12 }).map((list) => list.join(''));
  const exponent = fc
    .tuple(fc.constantFrom('e', 'E'), fc.constantFrom('', '+', '-'), fc.nat(20))
    .map((parts) => parts.join(''));
  return fc
    .tuple(
      fc.constantFrom('', '-'),
      fc.bigInt({ min: 0n, max: 10n ** 20n }).map(String),
      fc.option(digits.map((fraction) => `.${fraction}`)),
      fc.option(exponent),
    )
    .map((parts) => parts.map((part) => part ?? '').join(''));
}

/** Printable ASCII, text of other scripts, and escapes that a serialiser may choose and JSON.stringify does not. */
function stringText(fc: Generator): Arbitrary<string> {
  const plain = fc.constantFrom('a', 'Z', '0', ' ', '.', '-', '_', '<', '>', '&', "'", '/', '=', '%');
  const multibyte = fc.constantFrom(
    'é',
    'ß',
    'ñ',
    'Ł',
    '山',
    '田',
    'ع',
    'я',
    'e\u0308',
    '\u2028',
    '🦉',
    '👩‍👩‍👧',
  );
  const escaped = fc.constantFrom(
    ...['\\/', '\\"', '\\\\', '\\n', '\\t', '\\u003c', '\\u003E', '\\u0026', '\\u00e9', '\\u2028', '\\u0041'],
    '\\ud83e\\udd89',
  );
  return fc
    .array(fc.oneof(plain, multibyte, escaped), { maxLength: 8 })
    .map((characters) => `"${characters.join('')}"`);
}

/** What Persona could change in an event without notice. */
export interface Changes {
  /** The attributes that become null, by position. */
  readonly nullAttributes: readonly boolean[];
  /** The relationships that lead nowhere, by position. */
  readonly nullRelationships: readonly boolean[];
  readonly unknown: readonly { readonly place: UnknownPlace; readonly text: string }[];
}

const UNKNOWN_PLACES = ['attributes', 'fields', 'object', 'payload', 'event', 'root'] as const;

export type UnknownPlace = (typeof UNKNOWN_PLACES)[number];

export function changes(fc: Generator): Arbitrary<Changes> {
  const unknown = fc.record({ place: fc.constantFrom(...UNKNOWN_PLACES), text: valueText(fc) });
  return fc.record({
    nullAttributes: fc.array(fc.boolean(), { maxLength: 24 }),
    nullRelationships: fc.array(fc.boolean(), { maxLength: 12 }),
    unknown: fc.array(unknown, { maxLength: 4 }),
  });
}
