import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { FAMILIES, familyOf } from '../../src/conformance/check.ts';
import { CHECKS } from '../../src/conformance/suite.ts';

test.each(Object.keys(FAMILIES))(
  'the page of %s has an anchor for each of its checks, in their order',
  (family) => {
    const page = readFileSync(
      new URL(`../../docs/checks/${family.toLowerCase()}.md`, import.meta.url),
      'utf8',
    );
    const anchors = [...page.matchAll(/<a id="([a-z]+-\d+)"><\/a>/g)].map(([, id = '']) => id.toUpperCase());
    expect(anchors).toEqual(CHECKS.filter((check) => familyOf(check) === family).map(({ id }) => id));
  },
);
