import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { FAMILIES, familyOf } from '../../src/conformance/check.ts';
import { checkPage } from '../../src/conformance/check-page.ts';
import { CHECKS } from '../../src/conformance/suite.ts';

const ROW = /^\| <a id="([a-z]+-\d+)"><\/a>([A-Z]+-\d+) +\| ([^|]+?) +\| (\w+)[^|]*\|/gm;

test.each(Object.keys(FAMILIES))('the page of %s lists its checks in order, by title and level', (family) => {
  const name = `../../docs/checks/${family.toLowerCase()}.md`;
  const page = readFileSync(new URL(name, import.meta.url), 'utf8');
  const rows = [...page.matchAll(ROW)].map(([, anchor, id, title, level]) => ({ anchor, id, title, level }));
  const checks = CHECKS.filter((check) => familyOf(check) === family);
  expect(rows).toEqual(
    checks.map(({ id, title, level }) => ({ anchor: id.toLowerCase(), id, title, level })),
  );
});

test('the list of families counts the checks of each', () => {
  const page = readFileSync(new URL('../../docs/checks/README.md', import.meta.url), 'utf8');
  const counts = [...page.matchAll(/^\| \[([A-Z]+)\]\([a-z]+\.md\) +\| [^|]+\| (\d+) +\|/gm)];
  expect(counts.map(([, family, count]) => `${family} ${count}`)).toEqual(
    Object.keys(FAMILIES).map(
      (family) => `${family} ${CHECKS.filter((check) => familyOf(check) === family).length}`,
    ),
  );
  expect(page).toContain(`asks a receiver ${CHECKS.length} questions`);
});

test.each(CHECKS.map(({ id }) => id))('the page of %s names a cause and a fix in one or two lines', (id) => {
  const { cause = '', howToFix = '', fix } = checkPage(id);
  expect({ cause: cause.length > 0, fix: fix.startsWith('## The fix') }).toEqual({ cause: true, fix: true });
  expect(howToFix).toMatch(/^\S.{10,110}\S$/);
});
