// Validates the unfiltered body of every fixture and scenario against Persona's official schemas (JSON Schema 2020-12).
// Usage: npm run check:spec -- <folder with <api-version>/webhooks.json>
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { bundledFixtures } from '../dist/adapters/files.js';
import { seededRandom } from '../dist/adapters/seeded-random.js';
import { buildEvent } from '../dist/event/build.js';
import { loadFixture } from '../dist/fixture/load.js';
import { toValue } from '../dist/json/node.js';
import { SCENARIO_NAMES } from '../dist/scenario/catalogue.js';
import { loadScenario } from '../dist/scenario/load.js';

const [directory] = process.argv.slice(2);
if (directory === undefined) {
  console.error('usage: npm run check:spec -- <folder with <api-version>/webhooks.json>');
  process.exit(2);
}
const versions = ['2025-12-08'];
const library = bundledFixtures();
let passed = 0;
let failed = 0;
for (const version of versions) {
  const specification = JSON.parse(readFileSync(join(directory, version, 'webhooks.json'), 'utf8'));
  const ajv = new Ajv2020({ strict: false, allErrors: true, discriminator: false });
  addFormats(ajv);
  ajv.addSchema({ $id: 'persona', ...specification });
  const scenarios = await Promise.all(SCENARIO_NAMES.map((name) => loadScenario(name, library)));
  const bundled = await Promise.all(library.names.map((name) => loadFixture(name, library)));
  const steps = scenarios.flatMap((scenario) => scenario.steps.map(({ fixture }) => fixture));
  for (const fixture of [...bundled, ...steps]) {
    const { name } = fixture;
    const pointer = name.replaceAll('~', '~0').replaceAll('/', '~1');
    const check = ajv.compile({
      $ref: `persona#/webhooks/${pointer}/post/requestBody/content/application~1json/schema`,
    });
    const event = buildEvent(fixture, { atMs: 1_764_686_826_000, random: seededRandom(1) });
    if (check(toValue(event.document))) {
      passed += 1;
      continue;
    }
    failed += 1;
    console.log(`${version} ${name}`);
    for (const error of check.errors.slice(0, 5)) {
      console.log(`  ${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`);
    }
  }
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
