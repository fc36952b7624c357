import * as z from 'zod';

/** UNDOCUMENTED: the most that Persona takes. A hundred years: dates far beyond have no text. */
const SECONDS_MAX = 36_525 * 86_400;

export function wholeSeconds(least: number) {
  return z.int().min(least).max(SECONDS_MAX);
}
