import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('../../docs/checks/', import.meta.url));

/** What the page of a family says of one of its checks. */
export interface CheckPage {
  /** What a failure usually means, in one line; undefined where no page says so. */
  readonly cause: string | undefined;
  /** What to change, in one line; undefined where no page says so. */
  readonly howToFix: string | undefined;
  /** The part of the page on how to mend it, as Markdown. */
  readonly fix: string;
}

const pages = new Map<string, string>();

/** Reads docs/checks, which is part of the package; without it there is nothing to tell. */
export function checkPage(id: string): CheckPage {
  const page = pageOf(id.split('-')[0]?.toLowerCase() ?? '');
  const lines = page.split('\n');
  const names = cellsOf(lines.find((line) => line.startsWith('| id ')));
  const cells = cellsOf(lines.find((line) => line.includes(`<a id="${id.toLowerCase()}"></a>`)));
  const cell = (name: string) => plain(cells[names.indexOf(name)]);
  const start = page.indexOf('## The fix');
  return {
    cause: cell('a failure usually means'),
    howToFix: cell('how to fix it'),
    fix: start < 0 ? '' : page.slice(start).trim(),
  };
}

function cellsOf(row = ''): readonly string[] {
  return row.split(/(?<!\\)\|/).map((cell) => cell.trim());
}

function pageOf(family: string): string {
  const known = pages.get(family);
  if (known !== undefined) return known;
  let text = '';
  try {
    text = readFileSync(`${FOLDER}${family}.md`, 'utf8');
  } catch {
    text = ''; // A package without its docs: the link still leads to them.
  }
  pages.set(family, text);
  return text;
}

/** Links become their words: the link of the check leads to the same page. */
function plain(markdown: string | undefined): string | undefined {
  return markdown?.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll('\\|', '|');
}
