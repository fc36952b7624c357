import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { FAMILIES } from '../src/conformance/check.ts';
import { familyPages, folderOf, pages, read } from './helpers/docs-pages.ts';

describe('the checks that the pages name', () => {
  const anchorsOf = (page: string) =>
    [...read(page).matchAll(/<a id="([a-z]+-\d\d)"><\/a>([A-Z]+-\d\d) /g)].map(([, anchor, id]) => ({
      anchor,
      id,
    }));

  test('there is one page for each family, and the index links to each', () => {
    const expected = Object.keys(FAMILIES).map((family) => `${family.toLowerCase()}.md`);
    expect([...familyPages].sort()).toEqual([...expected].sort());
    const index = [...read('checks/README.md').matchAll(/^\| \[([A-Z]+)\]\((\S+)\) .*?\| (\d+) +\|$/gm)];
    const counts = index.map(([, family, page, count]) => ({ family, page, count: Number(count) }));
    expect(counts).toEqual(
      Object.keys(FAMILIES).map((family) => {
        const page = `${family.toLowerCase()}.md`;
        return { family, page, count: anchorsOf(`checks/${page}`).length };
      }),
    );
    expect(counts.reduce((sum, { count }) => sum + count, 0)).toBe(106);
  });

  test.each(familyPages)('%s: each id is an anchor once, numbered without a gap', (name) => {
    const page = `checks/${name}`;
    const family = name.replace('.md', '').toUpperCase();
    const anchors = anchorsOf(page);
    const ids = anchors.map((_, index) => `${family}-${String(index + 1).padStart(2, '0')}`);
    expect(anchors).toEqual(ids.map((id) => ({ anchor: id.toLowerCase(), id })));
    expect(read(page).match(/<a id=/g)).toHaveLength(ids.length);
  });

  test.each([...pages, 'checks/README.md'])('%s: every id and every link leads to something', (page) => {
    const known = new Set(familyPages.flatMap((name) => anchorsOf(`checks/${name}`).map(({ id }) => id)));
    const prefixes = Object.keys(FAMILIES).join('|');
    const named = read(page).match(new RegExp(`\\b(?:${prefixes})-\\d\\d\\b`, 'g')) ?? [];
    expect(named.filter((id) => !known.has(id))).toEqual([]);
    const links = [...read(page).matchAll(/\]\((?!https?:)([^)\s#]*)(?:#([^)\s]+))?\)/g)];
    const dead = links.filter(([, path = '', anchor]) => {
      const target = path === '' ? folderOf(page) : new URL(path, folderOf(page));
      return anchor === undefined ? !readFileSync(target).length : !placesOf(target).has(anchor);
    });
    expect(dead.map(([link]) => link)).toEqual([]);
  });
});

/** What a link into a page may point at: its headings, as GitHub names them, and its anchors. */
function placesOf(page: URL): Set<string> {
  const text = readFileSync(page, 'utf8').replace(/^```.*?^```/gms, '');
  const headings = [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s-]/gu, '')
      .replace(/\s/g, '-'),
  );
  const anchors = [...text.matchAll(/<a id="([^"]+)">/g)].map(([, id = '']) => id);
  return new Set([...headings, ...anchors]);
}
