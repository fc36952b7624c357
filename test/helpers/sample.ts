/**
 * `npm test` and `npm run check` run a sample of what takes long: test/left-out.ts says of what, and what is left out. CI
 * and `npm run test:all` run everything, and so does `npx vitest run <file>`.
 */
export const isSample = process.env['HOOKCAST_TESTS'] === 'sample';

/** In a sample one of so many parts, counted from 0, which together are all; else all. */
export function partOf<T>(all: readonly T[], { part, of }: { part: number; of: number }): readonly T[] {
  return isSample ? all.filter((_, index) => index % of === part % of) : all;
}
