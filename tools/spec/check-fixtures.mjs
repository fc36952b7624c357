import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { bundledFixtures } from '../../dist/fixture/files.js';
import { seededRandom } from '../../dist/event/seeded-random.js';
import { buildEvent } from '../../dist/event/build.js';
import { loadFixture } from '../../dist/fixture/load.js';
import { toValue } from '../../dist/json/node.js';
import { changesFor, toVersion } from '../../dist/payload/versions/index.js';
import { SCENARIO_NAMES } from '../../dist/scenario/load.js';
import { loadScenario } from '../../dist/scenario/load.js';
import { API_VERSIONS } from '../../dist/persona/contract.js';

const AT_MS = 1_764_686_826_000;
const FAULTS_SHOWN = 5;

/** Validates the unfiltered body of every fixture in every version that has an official folder. */
export async function checkFixtures(directory) {
  const library = bundledFixtures();
  return checkEvents(directory, await Promise.all(library.names.map((name) => loadFixture(name, library))));
}

/** The same for every step of every scenario. */
export async function checkScenarios(directory) {
  const library = bundledFixtures();
  const scenarios = await Promise.all(SCENARIO_NAMES.map((name) => loadScenario(name, library)));
  return checkEvents(
    directory,
    scenarios.flatMap((scenario) => scenario.steps.map(({ fixture }) => fixture)),
  );
}

/** Against `<directory>/<version>/webhooks.json`, JSON Schema 2020-12. */
function checkEvents(directory, fixtures) {
  const events = fixtures.map((fixture) => buildEvent(fixture, { atMs: AT_MS, random: seededRandom(1) }));
  const versions = API_VERSIONS.filter((version) => existsSync(fileOf(directory, version)));
  const checked = versions.flatMap((version) => {
    const ajv = ajvFor(JSON.parse(readFileSync(fileOf(directory, version), 'utf8')));
    return events.map((event) => checkEvent(event, version, ajv));
  });
  const failed = checked.filter((faults) => faults.length > 0);
  return { passed: checked.length - failed.length, failed: failed.length, faults: failed.flat() };
}

function fileOf(directory, version) {
  return join(directory, version, 'webhooks.json');
}

function ajvFor(specification) {
  const ajv = new Ajv2020({ strict: false, allErrors: true, discriminator: false });
  addFormats(ajv);
  // The schemas write `format: integer` where they mean a type; JSON Schema ignores unknown formats, ajv warns.
  ajv.addFormat('integer', true);
  ajv.addSchema({ $id: 'persona', ...specification });
  return ajv;
}

/** What is wrong with an event in that version: nothing, or its name and the first faults. */
function checkEvent(event, version, ajv) {
  const pointer = event.name.replaceAll('~', '~0').replaceAll('/', '~1');
  const check = ajv.compile({
    $ref: `persona#/webhooks/${pointer}/post/requestBody/content/application~1json/schema`,
  });
  if (check(toValue(toVersion(event.document, changesFor(version))))) return [];
  const shown = check.errors.slice(0, FAULTS_SHOWN);
  return [
    `${version} ${event.name}`,
    ...shown.map((error) => `  ${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`),
  ];
}
