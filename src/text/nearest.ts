import { distance } from 'fastest-levenshtein';

/** At most three of `names` that a person who typed `typed` may have meant, the closest first. */
export function nearest(typed: string, names: Iterable<string>): string[] {
  const wanted = typed.toLowerCase();
  const limit = Math.max(2, Math.floor(typed.length / 2.5));
  const close = [...names]
    .map((name) => ({ name, far: farness(wanted, name.toLowerCase()) }))
    .filter(({ far }) => far <= limit)
    .sort((a, b) => a.far - b.far || a.name.localeCompare(b.name));
  const best = close[0]?.far ?? 0;
  return close
    .filter(({ far }) => far <= best + 1)
    .slice(0, 3)
    .map(({ name }) => name);
}

/** The one of `names` that `typed` misspells by one or two characters, if there is one. */
export function typoOf(typed: string, names: Iterable<string>): string | undefined {
  const [close] = nearest(typed, names);
  return close !== undefined && distance(typed.toLowerCase(), close) <= 2 ? close : undefined;
}

/** `; did you mean inquiry.approved?`, to follow a message; empty when no name is close. */
export function didYouMean(typed: string, names: Iterable<string>): string {
  const close = nearest(typed, names);
  return close.length === 0 ? '' : `; ${meant(close, '')}`;
}

/** The question after names that are near; `otherwise` where none is. */
export function meant(near: readonly string[], otherwise: string): string {
  return near.length === 0 ? otherwise : `did you mean ${near.join(', ')}?`;
}

/** A name whose end was typed (`approved` for `inquiry.approved`) is as good as a name with one typo. */
function farness(wanted: string, name: string): number {
  if (wanted.length >= 4 && name.endsWith(wanted)) return 1;
  return distance(wanted, name);
}
