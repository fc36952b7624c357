/** Deeper than any event or request, and shallow enough for what walks it. */
export const DEPTH_MAX = 100;

/** Is a value of `JSON.parse` nested deeper than that? */
export function isTooDeep(value: unknown, levels = DEPTH_MAX): boolean {
  if (value === null || typeof value !== 'object') return false;
  if (levels === 0) return true;
  for (const key in value) {
    if (isTooDeep((value as Record<string, unknown>)[key], levels - 1)) return true;
  }
  return false;
}
