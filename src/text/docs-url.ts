import { createRequire } from 'node:module';

/** Where the documentation is read: on GitHub as files of the main branch; a path in the package without a homepage. */
export function docsUrl(page: string, homepage = homepageOf()): string {
  if (homepage === undefined) return `docs/${page}`;
  const { origin, pathname, hostname } = new URL(homepage);
  const base = `${origin}${pathname.replace(/\/$/, '')}`;
  return hostname === 'github.com' ? `${base}/blob/main/docs/${page}` : `${base}/${page}`;
}

/** The part of the documentation that says how to mend a check: `…/checks/sig.md#sig-08`. */
export function fixUrl(checkId: string, homepage?: string): string {
  const anchor = checkId.toLowerCase();
  return docsUrl(`checks/${anchor.split('-')[0] ?? ''}.md#${anchor}`, homepage);
}

/** src/text, dist/text and dist/command are equally far from the top. */
function homepageOf(): string | undefined {
  return (createRequire(import.meta.url)('../../package.json') as { homepage?: string }).homepage;
}
