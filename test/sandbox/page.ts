import { readFile } from 'node:fs/promises';

const page = await readFile(new URL('../../docs/sandbox.md', import.meta.url), 'utf8');

/** The first block of code in docs/sandbox.md that has this text. */
export function blockWith(text: string): string {
  const blocks = [...page.matchAll(/^```(?:js|python|json|sh)\n([^]*?)^```$/gm)].map(([, code = '']) => code);
  const found = blocks.find((code) => code.includes(text));
  if (found === undefined) throw new Error(`docs/sandbox.md has no block with ${text}`);
  return found;
}

/** What app.mjs and app.py print. */
export const OUTPUT = new RegExp(
  [
    String.raw`^created; its page is http://[\w.]+:\d+/verify\?\S+`,
    String.raw`(webhook \S+\n)+webhook inquiry\.approved`,
    String.raw`(webhook \S+\n)*GET says approved; the webhook says the same: [Tt]rue\n`,
  ].join('\n'),
);
