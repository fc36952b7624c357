import { UsageError } from '../errors.ts';
import { Noise, noiseKey } from '../event/noise.ts';
import { globExpression } from '../text/glob.ts';
import { didYouMean } from '../text/nearest.ts';

/** Which events a load run is made of. */
export interface Mix {
  /** Every event that can occur, with its share of all; the shares add up to 1. */
  readonly shares: readonly { readonly name: string; readonly share: number }[];
}

/**
 * Reads `inquiry.*=8,report/*=1`: patterns over the names of events, each with its weight. A weight is that of
 * the pattern as a whole: the names that it matches share it evenly. Without `=` it is 1.
 * @throws {UsageError} for a pattern that matches nothing or stands there twice, and for a weight that is none
 */
export function parseMix(text: string, names: readonly string[]): Mix {
  const entries = text.split(',').map((entry) => parseEntry(entry.trim()));
  const seen = new Set<string>();
  const weights = new Map<string, number>();
  for (const { pattern, weight } of entries) {
    if (seen.has(pattern))
      throw new UsageError(`\`mix\`: ${pattern} is given twice; use one entry with the sum of the weights`);
    seen.add(pattern);
    const matching = namesFor(pattern, names);
    for (const name of matching) weights.set(name, (weights.get(name) ?? 0) + weight / matching.length);
  }
  const total = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
  return { shares: [...weights].map(([name, weight]) => ({ name, share: weight / total })) };
}

function parseEntry(entry: string): { pattern: string; weight: number } {
  const [pattern = '', weightText, ...rest] = entry.split('=');
  if (pattern === '' || rest.length > 0) {
    throw new UsageError(`\`mix\` '${entry}': expected pattern=weight, e.g. inquiry.*=8,report/*=1`);
  }
  // Number('') is 0, and so refused with the others.
  const weight = weightText === undefined ? 1 : Number(weightText);
  if (weight > 0 && Number.isFinite(weight)) return { pattern, weight };
  const advice = weight === 0 ? '; leave the pattern out instead' : '';
  throw new UsageError(`\`mix\` ${entry}: expected a weight above 0, such as 8 or 0.5${advice}`);
}

function namesFor(pattern: string, names: readonly string[]): readonly string[] {
  const expression = globExpression(pattern);
  const matching = names.filter((name) => expression.test(name));
  if (matching.length > 0) return matching;
  const guess = didYouMean(pattern.replaceAll('*', ''), nearestCandidates(pattern, names));
  throw new UsageError(
    `\`mix\` ${pattern}: no event with a fixture has this name${guess}\nAll names: hookcast events`,
  );
}

/** Who typed a star meant a family: `inquiri.*` is near to `inquiry.*`. */
function nearestCandidates(pattern: string, names: readonly string[]): string[] {
  if (!pattern.includes('*')) return [...names];
  return [...new Set(names.map((name) => name.replace(/([./])[^./]*$/, '$1*')))];
}

/** Picks what each event is: for the same seed and number always the same. */
export class Picker {
  readonly #ends: Float64Array;
  readonly #key;
  readonly #noise = new Noise();

  /** @param weights - each above 0 */
  constructor(weights: readonly number[], seed: number) {
    let sum = 0;
    const ends = weights.map((weight) => (sum += weight));
    this.#ends = Float64Array.from(ends, (end) => end / sum);
    this.#key = noiseKey(`${seed}/mix`);
  }

  /** The index of a weight. */
  pick(eventNumber: number): number {
    this.#noise.start(this.#key, eventNumber);
    const point = this.#noise.next() / 4_294_967_296;
    let low = 0;
    let high = this.#ends.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (point < (this.#ends[middle] ?? 1)) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
