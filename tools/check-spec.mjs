// Holds our bodies against Persona's official material, which is not part of this repository:
// every fixture in every API version against the official schemas, and, where their folders are given, every official
// example and recorded delivery against what our way from text to body makes of it.
// Usage: npm run check:spec -- <openapi dir> [<examples dir> <recorded dir>]
import { checkBytes } from './spec/check-bytes.mjs';
import { checkFixtures, checkScenarios } from './spec/check-fixtures.mjs';

const [openapi, examples, recorded] = process.argv.slice(2);
if (openapi === undefined || (examples === undefined) !== (recorded === undefined)) {
  console.error('usage: npm run check:spec -- <openapi dir> [<examples dir> <recorded dir>]');
  process.exit(2);
}

const fixtures = await checkFixtures(openapi);
const scenarios = await checkScenarios(openapi);
const bodies = examples === undefined ? undefined : checkBytes(examples, recorded);
for (const fault of [...fixtures.faults, ...scenarios.faults, ...(bodies?.faults ?? [])]) console.log(fault);
if (bodies !== undefined) console.log(`byte-equal: ${bodies.passed} of ${bodies.passed + bodies.failed}`);
console.log(`steps of scenarios: ${scenarios.passed} of ${scenarios.passed + scenarios.failed}`);
console.log(`${fixtures.passed} passed, ${fixtures.failed} failed`);

const isClean = [fixtures, scenarios, bodies].every(
  (result) => result === undefined || (result.failed === 0 && result.passed > 0),
);
process.exitCode = isClean ? 0 : 1;
