import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { CHECKS } from '../../src/conformance/suite.ts';
import { ALL_MUTANTS } from './all.ts';
import { findsOf } from './matrix.ts';

/** What docs/mutants.md must hold: the lists that the runs are held against. */
function table(): string {
  const rows = ALL_MUTANTS.map(
    (mutant) =>
      `| \`${mutant.id}\` | ${mutant.bug} | ${findsOf(mutant).join(', ') || 'none: only reported'} |`,
  );
  return ['| receiver | its bug | checks that fail |', '| --- | --- | --- |', ...rows].join('\n');
}

test('the table in the docs is the one that the runs are held against', async () => {
  const page = readFileSync(new URL('../../docs/mutants.md', import.meta.url), 'utf8');
  const shown = page.slice(page.indexOf('| receiver')).trim();
  if (process.env['UPDATE_DOCS'] === 'true') {
    const { writeFileSync } = await import('node:fs');
    writeFileSync(new URL('../../docs/mutants.md', import.meta.url), page.replace(shown, `${table()}\n`));
    return;
  }
  expect(shown).toBe(table());
});

test('every mutant has a name of its own and names checks that exist', () => {
  expect(new Set(ALL_MUTANTS.map(({ id }) => id)).size).toBe(ALL_MUTANTS.length);
  const known = new Set<string>(CHECKS.map(({ id }) => id));
  expect(ALL_MUTANTS.flatMap(({ fails }) => fails).filter((id) => !known.has(id))).toEqual([]);
});

test('every check that can fail is failed by a mutant', () => {
  const proven = new Set(ALL_MUTANTS.flatMap(({ fails }) => fails));
  const unproven = CHECKS.filter(({ id, level }) => level !== 'info' && !proven.has(id)).map(({ id }) => id);
  // NET-09 needs a certificate: its own test holds it against a stubbed report and a real https server.
  expect(unproven).toEqual(['NET-09']);
});
