import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import { baselineSchema } from '../../src/cli/files/baseline.ts';
import { readPolicy } from '../../src/cli/files/read-policy.ts';
import { readProject } from '../../src/cli/project/read.ts';
import { bundledFixtures, diskFiles } from '../../src/fixture/files.ts';
import { loadOwnFixture, readSource } from '../../src/fixture/load.ts';
import { validate } from '../../src/json/validate.ts';
import { loadScenario } from '../../src/scenario/load.ts';
import { loadWebhook } from '../../src/webhook/load.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const root = new URL('../..', import.meta.url);
const read = (path: string) => JSON.parse(readFileSync(new URL(path, root), 'utf8')) as unknown;

const library = bundledFixtures();
/** How each kind of file is read when a command uses it. */
const READERS = {
  webhook: (path) => loadWebhook(path, diskFiles),
  policy: readPolicy,
  scenario: (path) => loadScenario(path, library),
  fixture: (path) => loadOwnFixture('inquiry.approved', path, library),
  baseline: async (path) => validate(baselineSchema, (await readSource(path, diskFiles)).node, path),
  project: readProject,
} as const satisfies Record<string, (path: string) => Promise<unknown>>;
type Kind = keyof typeof READERS;

const ajv = new Ajv2020({ strict: true, strictRequired: false, strictTypes: false, allErrors: true });
addFormats.default(ajv);
const VALIDATORS = Object.fromEntries(
  Object.keys(READERS).map((kind) => [kind, ajv.compile(read(`dist/schemas/${kind}.json`) as object)]),
);

function faultsOf(kind: Kind, content: unknown): string[] {
  const isValid = VALIDATORS[kind]!;
  return isValid(content)
    ? []
    : isValid.errors!.map(({ instancePath, message }) => `${instancePath} ${message}`);
}

async function isRead(kind: Kind, content: unknown): Promise<boolean> {
  await using folder = await temporaryFolder();
  const path = await folder.write('file.json', JSON.stringify(content));
  const error: unknown = await READERS[kind](path).then(
    () => undefined,
    (fault: unknown) => fault,
  );
  return error === undefined;
}

/** The JSON blocks of a page that stand below a file's name. */
function shownFiles(page: string): { name: string; content: unknown }[] {
  const text = readFileSync(new URL(`docs/${page}`, root), 'utf8');
  return [...text.matchAll(/^`(\S+\.json)`:?\n\n```json\n(.*?)```/gms)].map(
    ([, name = '', content = '']) => ({
      name: `${page}: ${name}`,
      content: JSON.parse(content) as unknown,
    }),
  );
}

function kindOf(content: unknown): Kind {
  if (Array.isArray(content)) return 'baseline';
  const has = (...keys: string[]) => keys.some((key) => key in (content as object));
  if (has('steps')) return 'scenario';
  if (has('delays-seconds')) return 'policy';
  if (has('extends', 'data')) return 'fixture';
  return has('to') ? 'project' : 'webhook';
}

const shown = readdirSync(new URL('docs', root))
  .filter((name) => name.endsWith('.md'))
  .flatMap(shownFiles);
const jsonFilesIn = (folder: string) =>
  readdirSync(new URL(folder, root))
    .filter((name) => name.endsWith('.json'))
    .map((name) => `${folder}/${name}`);

test('docs/files.md shows a file of each kind', () => {
  const kinds = shownFiles('files.md').map(({ content }) => kindOf(content));
  expect(new Set(kinds)).toEqual(new Set(Object.keys(READERS)));
});

test.each(shown)('$name is valid by its schema, and can be read', async ({ content }) => {
  const kind = kindOf(content);
  expect(faultsOf(kind, content)).toEqual([]);
  expect(await isRead(kind, content)).toBe(true);
});

test.each([
  ['fixture', [...jsonFilesIn('fixtures'), ...jsonFilesIn('fixtures/report')]],
  ['scenario', jsonFilesIn('fixtures/scenarios')],
] as const)('every %s in the package is valid by its schema', (kind, paths) => {
  expect(paths.length).toBeGreaterThan(5);
  expect(paths.flatMap((path) => faultsOf(kind, read(path)).map((fault) => `${path}${fault}`))).toEqual([]);
});

const WHOLE_EVENT = {
  data: {
    type: 'event',
    id: 'evt_1',
    attributes: {
      name: 'inquiry.approved',
      payload: { data: { type: 'inquiry', id: 'inq_1', attributes: {} } },
      'created-at': '2024-05-06T14:05:30.000Z',
    },
  },
};
const RECIPE = {
  trigger: 'x',
  extends: 'inquiry.approved',
  data: {},
  'created-at': '2024-05-06T14:05:30.000Z',
};
const POLICY = { name: 'x', 'timeout-ms': 1, 'accepted-statuses': [200], 'delays-seconds': [] };
const custom = (...rows: object[]) => ({ 'included-allowlist': { state: 'custom', 'event-types': rows } });

describe('what is right', () => {
  const rows: [Kind, unknown][] = [
    ['webhook', {}],
    ['webhook', { data: { type: 'webhook', attributes: { url: 'http://localhost:3000' } } }],
    ['webhook', { apiVersion: '2023-01-05', enabled_events: ['*'] }],
    ['webhook', custom({ 'event-type': 'inquiry.approved', relationships: ['*'] })],
    ['webhook', { 'payload-filter': { data: { $or: [{ id: 'inq_1' }, null] } }, secret: null }],
    ['policy', POLICY],
    [
      'scenario',
      {
        description: 'x',
        steps: [{ event: 'inquiry.created' }, { event: 'inquiry.approved', after: '1.5h' }],
      },
    ],
    ['fixture', WHOLE_EVENT],
    ['fixture', { $schema: 'x', ...WHOLE_EVENT }],
    ['fixture', RECIPE],
    ['baseline', []],
    ['project', {}],
    ['project', { webhook: ['a.json', 'b.json'], 'time-scale': 1000, secret: { env: 'A_1' } }],
  ];
  test.each(rows)('%s: %j', async (kind, content) => {
    expect(faultsOf(kind, content)).toEqual([]);
    expect(await isRead(kind, content)).toBe(true);
  });
});

describe('what is wrong is refused by schema and reader alike', () => {
  const rows: [Kind, unknown][] = [
    ['webhook', []],
    ['webhook', { status: 'on' }],
    ['webhook', { url: 3000 }],
    ['webhook', { secret: '' }],
    ['webhook', { secrets: [{ value: 'a' }, { value: 'b' }, { value: 'c' }] }],
    ['webhook', { secrets: [{ value: 'a', 'expires-at': 'tomorrow' }] }],
    ['webhook', { 'api-version': '2019-01-01' }],
    ['webhook', { 'api-key-inflection': 'pascal' }],
    ['webhook', { 'enabled-events': [] }],
    ['webhook', { 'enabled-events': 'inquiry.approved' }],
    ['webhook', { 'custom-http-headers': { 'X-Number': 1 } }],
    ['webhook', { 'file-access-token-expires-in': 0 }],
    ['webhook', { 'payload-filter': { data: { $and: [] } } }],
    ['webhook', { 'payload-filter': { data: { $or: [] } } }],
    ['webhook', { 'payload-filter': { other: 1 } }],
    ['webhook', { 'included-allowlist': { state: 'some' } }],
    ['webhook', custom({ 'event-type': 'inquiry.approved', relationships: ['*', 'account'] })],
    ['webhook', { data: { type: 'webhook', attributes: { status: 'on' } } }],
    ['policy', { ...POLICY, name: '' }],
    ['policy', { ...POLICY, 'timeout-ms': 0 }],
    ['policy', { ...POLICY, 'timeout-ms': 1.5 }],
    ['policy', { ...POLICY, 'accepted-statuses': [] }],
    ['policy', { ...POLICY, 'accepted-statuses': [100] }],
    ['policy', { ...POLICY, 'delays-seconds': [-1] }],
    ['policy', { ...POLICY, 'delay-seconds': [1] }],
    ['policy', { name: 'x' }],
    ['scenario', { description: 'x', steps: [] }],
    ['scenario', { steps: [{ event: 'inquiry.approved' }] }],
    ['scenario', { description: 'x', steps: [{ event: 'inquiry.approved', after: '2 days' }] }],
    ['scenario', { description: 'x', steps: [{ event: 'inquiry.approved', after: 60 }] }],
    ['scenario', { description: 'x', steps: [{ event: 'inquiry.approved', set: [] }] }],
    ['scenario', { description: 'x', steps: [{ event: 'inquiry.approved', wait: '1s' }] }],
    ['fixture', {}],
    ['fixture', { data: { type: 'inquiry', attributes: {} } }],
    ['fixture', { data: { ...WHOLE_EVENT.data, id: '' } }],
    ['fixture', { data: { type: 'event', id: 'evt_1', attributes: { name: 'inquiry.approved' } } }],
    ['fixture', { ...RECIPE, 'created-at': 'yesterday' }],
    ['fixture', { ...RECIPE, extend: 'x' }],
    ['fixture', { ...RECIPE, extends: '' }],
    ['fixture', { ...RECIPE, included: [1] }],
    ['baseline', {}],
    ['baseline', ['sig-04']],
    ['baseline', [4]],
    ['project', { receiver: 'http://localhost:3000' }],
    ['project', { to: 'localhost:3000' }],
    ['project', { secret: 'wbhsec_x' }],
    ['project', { secret: { env: 'wbhsec-x' } }],
    ['project', { webhook: [] }],
    ['project', { profile: 'all' }],
    ['project', { 'time-scale': 'fast' }],
    ['project', { 'time-scale': 0 }],
    ['project', { 'wait-for': '30' }],
    ['project', { 'allow-remote': 'yes' }],
    ['project', { seed: -1 }],
    ['project', { 'oracle-url': 'ftp://localhost' }],
  ];
  test.each(rows)('%s: %j', async (kind, content) => {
    expect(faultsOf(kind, content)).not.toEqual([]);
    expect(await isRead(kind, content)).toBe(false);
  });
});
