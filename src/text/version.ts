import { createRequire } from 'node:module';

/** The version of this package. src/text, dist/text and dist/command are equally far from the top. */
export function version(): string {
  return (createRequire(import.meta.url)('../../package.json') as { version: string }).version;
}
