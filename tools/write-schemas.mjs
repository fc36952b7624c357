// Part of the build: JSON Schemas of the files that users write, for editors, from what the reader itself checks.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import * as z from 'zod';

const root = fileURLToPath(new URL('..', import.meta.url));
const target = `${root}/dist/schemas`;
/** In the project, so that packages are found from it. */
const scratch = `${root}/dist/.schemas`;

const SOURCES = {
  webhook: 'src/persona/webhook.ts',
  policy: 'src/persona/policy-file.ts',
  scenario: 'src/scenario/schema.ts',
  fixture: 'src/fixture/schema.ts',
  baseline: 'src/cli/files/baseline.ts',
  project: 'src/cli/project/schema.ts',
  seed: 'src/sandbox/seed.ts',
};

/** `$or` with a list is the only operator. */
const FILTER = {
  if: { type: 'object' },
  then: {
    properties: { $or: { type: 'array', minItems: 1 } },
    propertyNames: { pattern: '^(?!\\$)|^\\$or$' },
    additionalProperties: { $ref: '#/$defs/filter' },
  },
};

const modules = await sourceModules();
const { recipeSchema, wholeEventSchema, bareResourceSchema } = modules.fixture;
const schemas = {
  webhook: webhook(jsonSchema(modules.webhook.webhookSchema)),
  policy: jsonSchema(modules.policy.policySchema),
  scenario: jsonSchema(modules.scenario.scenarioSchema),
  fixture: fixture({
    recipe: jsonSchema(recipeSchema),
    event: jsonSchema(wholeEventSchema),
    resource: jsonSchema(bareResourceSchema),
  }),
  baseline: jsonSchema(modules.baseline.baselineSchema),
  project: jsonSchema(modules.project.projectSchema),
  seed: jsonSchema(modules.seed.seedSchema),
};
await rm(target, { recursive: true, force: true });
await mkdir(target, { recursive: true });
for (const [name, schema] of Object.entries(schemas)) {
  const text = JSON.stringify({ ...schema, title: `hookcast: ${name} file` }, null, 2);
  await writeFile(`${target}/${name}.json`, `${text}\n`);
}

/** The command line's own sources are in dist only as a bundle. */
async function sourceModules() {
  const build = await rolldown({
    input: SOURCES,
    cwd: root,
    external: ['zod'],
    platform: 'node',
    logLevel: 'warn',
  });
  try {
    await build.write({
      dir: scratch,
      format: 'esm',
      entryFileNames: '[name].mjs',
      chunkFileNames: '[name].mjs',
    });
    const names = Object.keys(SOURCES);
    return Object.fromEntries(
      await Promise.all(names.map(async (name) => [name, await import(`${scratch}/${name}.mjs`)])),
    );
  } finally {
    await build.close();
    await rm(scratch, { recursive: true, force: true });
  }
}

function jsonSchema(schema) {
  return z.toJSONSchema(schema, { target: 'draft-2020-12', io: 'input' });
}

/** Bare, or as the API returns it: `{"data": {"type": "webhook", "attributes": {…}}}`. */
function webhook({ $schema, ...attributes }) {
  // Of the filter's values, which have a definition of their own here.
  delete attributes.$defs;
  const filter = attributes.properties['payload-filter'].anyOf[0];
  for (const name of ['data', 'included']) filter.properties[name] = { $ref: '#/$defs/filter' };
  return {
    $schema,
    $defs: { attributes, filter: FILTER },
    if: typeOfDataIs('webhook'),
    then: {
      type: 'object',
      properties: { data: { properties: { attributes: { $ref: '#/$defs/attributes' } } } },
    },
    else: { $ref: '#/$defs/attributes' },
  };
}

/** Each form as the reader tells them apart. */
function fixture(forms) {
  const $defs = Object.fromEntries(
    Object.entries(forms).map(([name, form]) => [name, { ...form, $schema: undefined }]),
  );
  return {
    $schema: forms.recipe.$schema,
    $defs,
    if: {
      anyOf: [
        { required: ['extends'] },
        { required: ['data'], properties: { data: { type: 'object', required: ['resource'] } } },
      ],
    },
    then: { $ref: '#/$defs/recipe' },
    else: {
      if: typeOfDataIs('event'),
      then: { $ref: '#/$defs/event' },
      else: { $ref: '#/$defs/resource' },
    },
  };
}

function typeOfDataIs(name) {
  const data = { type: 'object', required: ['type'], properties: { type: { const: name } } };
  return { type: 'object', required: ['data'], properties: { data } };
}
