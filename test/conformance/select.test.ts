import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { FAMILIES, familyOf } from '../../src/conformance/check.ts';
import { PROFILES, profileOf, selectChecks, type Selection } from '../../src/conformance/select.ts';
import { CHECKS } from '../../src/conformance/suite.ts';

const idsOf = (selection: Partial<Selection>) =>
  selectChecks({ profile: 'core', ...selection }).map(({ id }) => id);
const allIds = CHECKS.map(({ id }) => id);
const countOf = (items: Iterable<unknown>) => [...items].length;

describe('the catalogue of checks', () => {
  test('has well-formed and unique ids', () => {
    const pattern = new RegExp(`^(${Object.keys(FAMILIES).join('|')})-\\d{2}$`);
    expect(allIds.filter((id) => !pattern.test(id))).toEqual([]);
    expect(countOf(new Set(allIds))).toBe(allIds.length);
  });

  test('has well-formed and unique slugs', () => {
    const slugs = CHECKS.map(({ slug }) => slug);
    expect(slugs.filter((slug) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(slug))).toEqual([]);
    expect(countOf(new Set(slugs))).toBe(slugs.length);
  });

  test('lists families in their order, and ids in order within each', () => {
    const families = Object.keys(FAMILIES);
    const rank = (id: string) => {
      const [family = '', number] = id.split('-');
      return families.indexOf(family) * 100 + Number(number);
    };
    expect(allIds).toEqual(allIds.toSorted((a, b) => rank(a) - rank(b)));
  });

  test('has a file and checks for every family', () => {
    const files = readdirSync(new URL('../../src/conformance/checks/', import.meta.url));
    const families = Object.keys(FAMILIES);
    expect(families.filter((family) => !files.includes(`${family.toLowerCase()}.ts`))).toEqual([]);
    expect([...new Set(CHECKS.map(familyOf))]).toEqual(families);
  });

  test.each(CHECKS)('describes $id with all that a report needs, in one-line sentences', (check) => {
    for (const text of [check.title, check.sends, check.requirement, check.source]) {
      expect(text).toMatch(/^[^\n]{3,}[^.\n]$/);
    }
  });
});

describe('the profile', () => {
  test('core has the checks that are musts and need nothing but the receiver', () => {
    const checks = selectChecks({ profile: 'core' });
    expect(new Set(checks.map(({ level }) => level))).toEqual(new Set(['must']));
    expect(checks.flatMap(({ needs = [] }) => needs).filter((need) => need !== 'https')).toEqual([]);
  });

  test('strict has all checks that need nothing but the receiver', () => {
    const needs = selectChecks({ profile: 'strict' }).flatMap((check) => check.needs ?? []);
    expect(needs.filter((need) => need !== 'https')).toEqual([]);
    expect(new Set(selectChecks({ profile: 'strict' }).map(({ level }) => level))).toContain('info');
  });

  test('probe adds checks with an oracle, and none with hooks or log files', () => {
    const needs = new Set(selectChecks({ profile: 'probe' }).flatMap((check) => check.needs ?? []));
    expect(needs).toEqual(new Set(['oracle', 'state-oracle', 'https']));
  });

  test('soak has all checks but those of load, and load has only these', () => {
    const isLoad = (id: string) => id.startsWith('LOAD-');
    const load = CHECKS.filter(({ only }) => only === 'load').map(({ id }) => id);
    expect(idsOf({ profile: 'load' })).toEqual(load);
    expect(load.filter((id) => !isLoad(id))).toEqual([]);
    expect([...idsOf({ profile: 'soak' }), ...load].toSorted()).toEqual(allIds.toSorted());
  });

  test('of the next level has all checks of the one before, in the order of the catalogue', () => {
    const profiles = (['core', 'strict', 'probe', 'soak'] as const).map((profile) => idsOf({ profile }));
    for (const [index, ids] of profiles.entries()) {
      expect(ids).toEqual(allIds.filter((id) => ids.includes(id)));
      expect(ids).toEqual(expect.arrayContaining(profiles[index - 1] ?? []));
    }
  });

  test('is core by default, and probe with an oracle', () => {
    expect(profileOf({})).toBe('core');
    expect(profileOf({ oracle: {} })).toBe('probe');
    expect(profileOf({ oracle: {}, profile: 'strict' })).toBe('strict');
    expect(Object.keys(PROFILES)).toEqual(['core', 'strict', 'probe', 'soak', 'load']);
  });
});

describe('`only` and `skip`', () => {
  const rot = allIds.filter((id) => id.startsWith('ROT-'));
  test.each<[string, Partial<Selection>, readonly string[]]>([
    ['an id', { only: ['SIG-04'] }, ['SIG-04']],
    ['an id in small letters', { only: ['sig-04'] }, ['SIG-04']],
    ['a slug', { only: ['genuine-event-acknowledged'] }, ['ACK-01']],
    ['a family', { only: ['ROT'] }, rot],
    ['a glob', { only: ['ROT-*'] }, rot],
    ['a glob of slugs', { only: ['genuine-event-ack*'] }, ['ACK-01']],
    ['several, in the order of the catalogue', { only: ['SIG-04', 'ACK-01'] }, ['ACK-01', 'SIG-04']],
    ['what the profile leaves out', { only: ['LOAD-01'] }, ['LOAD-01']],
    ['nothing that is skipped as well', { only: ['ROT'], skip: ['ROT-0*', 'ACK'], profile: 'load' }, []],
    ['a family without one', { only: ['ROT'], skip: ['ROT-02'] }, rot.filter((id) => id !== 'ROT-02')],
    [
      'the profile when `only` is empty',
      { only: [], skip: ['SIG'], profile: 'core' },
      idsOf({ skip: ['SIG'] }),
    ],
  ])('select %s', (_, selection, ids) => {
    if (ids.length > 0) expect(idsOf(selection)).toEqual(ids);
    else expect(() => idsOf(selection)).toThrow('no check is left: `skip` ROT-0*,ACK leaves out all');
  });

  test.each([
    ['SIG-99', 'SIG-09'],
    ['duplicate-acknowleged', 'duplicate-acknowledged'],
    ['SIGN', 'SIG'],
  ])('refuse %s and suggest %s', (pattern, nearest) => {
    const words = new RegExp(`unknown check '${pattern}'; did you mean ${nearest}`);
    expect(() => idsOf({ only: [pattern] })).toThrow(words);
    expect(() => idsOf({ skip: [pattern] })).toThrow(words);
  });

  test('take dots and brackets literally', () => {
    expect(() => idsOf({ only: ['SIG.04'] })).toThrow('unknown check');
    expect(() => idsOf({ only: ['(SIG'] })).toThrow('unknown check');
  });
});
