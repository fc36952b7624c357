import { describe, expect, test } from 'vitest';
import { familyOf, type Check, type Family } from '../../src/conformance/check.ts';
import { ModelReceiver } from './model-receiver.ts';
import type { Mutant } from './mutant.ts';
import { findings, runAgainst, sampleOfChecks } from './run-model.ts';

interface FamilyTests {
  readonly checks: readonly Check[];
  readonly mutants: readonly Mutant[];
  /** For checks that wait, and measure nothing. @default false */
  readonly areSideBySide?: boolean;
}

/** The correct receiver passes a family, and each mutant that breaks it fails exactly its checks. */
export function testFamily(
  family: Family,
  { checks, mutants, areSideBySide = false }: FamilyTests,
  /** What the suiteContext cannot give. */
  notRun: readonly string[] = [],
): void {
  const ofFamily = (id: string) => familyOf({ id: id as Check['id'] }) === family;

  describe(family, { concurrent: areSideBySide }, () => {
    test('the correct receiver passes', async () => {
      const results = await runAgainst(new ModelReceiver(), checks);
      const bad = findings(results, 'fail', 'error', 'non-strict', 'needs-oracle', 'skipped');
      expect(bad.filter((line) => !notRun.includes(line.split(':')[0]!))).toEqual([]);
    });

    test.each(mutants.filter(({ fails }) => fails.some(ofFamily)))(
      '$id fails exactly $fails',
      async ({ create, fails }) => {
        const results = await runAgainst(create(), sampleOfChecks(fails, checks));
        expect(failed(findings(results, 'fail'))).toEqual(fails.filter(ofFamily));
      },
    );

    test('every check is failed by a mutant, but those that only report', () => {
      const proven = new Set(mutants.flatMap(({ fails }) => fails));
      const unproven = checks.filter(({ id, level }) => level !== 'info' && !proven.has(id));
      expect(unproven.map(({ id }) => id).filter((id) => !notRun.includes(id))).toEqual([]);
    });
  });
}

function failed(lines: readonly string[]): string[] {
  return lines.map((line) => line.split(':')[0] ?? '');
}
