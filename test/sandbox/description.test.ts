import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { API_VERSIONS } from '../../src/persona/contract.ts';
import { checkApi } from '../../tools/spec/check-api.mjs';

/** Persona's official description is not a part of this repository: it is looked for beside it. */
const DIRECTORY =
  process.env['PERSONA_OPENAPI'] ?? new URL('../../../shared/persona/openapi', import.meta.url).pathname;

const described = API_VERSIONS.filter((version) => existsSync(`${DIRECTORY}/${version}/api.json`));
const versions = described.length === 0 ? API_VERSIONS : described;

test.skipIf(described.length === 0).each(versions)(
  "%s: answers, example requests and mutations of them are what Persona's description says",
  async (version) => {
    const { answers, examples, mutations, faults } = await checkApi(DIRECTORY, [version]);
    expect(faults).toEqual([]);
    for (const count of [answers, examples, mutations]) expect(count.passed).toBeGreaterThan(10);
  },
  120_000,
);
