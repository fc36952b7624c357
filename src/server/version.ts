import { createRequire } from 'node:module';

/** The version of this package. src/server, dist/server and dist/command are equally far from the top. */
export function packageVersion(): string {
  const manifest = createRequire(import.meta.url)('../../package.json') as { version: string };
  return manifest.version;
}
