import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { API_VERSIONS } from '../../dist/persona/contract.js';
import { API_OPERATIONS } from '../../dist/persona/api-operations.js';
import { createSandbox } from '../../dist/sandbox/create-sandbox.js';
import { ROUTES } from '../../dist/sandbox/routes/index.js';
import { mutationsOf } from './mutations.mjs';

const KEY = 'persona_sandbox_00000000-0000-4000-8000-000000000000';
const FAULTS_SHOWN = 3;

/** Every version that has an official folder, or those given. */
export async function checkApi(directory, versions = API_VERSIONS) {
  const total = { answers: count(), examples: count(), mutations: count(), faults: [] };
  for (const version of versions) {
    const file = join(directory, version, 'api.json');
    if (existsSync(file)) await checkVersion(version, JSON.parse(readFileSync(file, 'utf8')), total);
  }
  return total;
}

/** Braces mean something in a reference. */
function withoutBraces(paths) {
  return Object.fromEntries(Object.entries(paths).map(([path, item]) => [path.replace(/[{}]/g, '_'), item]));
}

/** 2021-05-14 has a folder and a changelog entry, and is missing from the enumerations of versions. */
function addMissingVersion(node) {
  if (node === null || typeof node !== 'object') return;
  if (Array.isArray(node.enum) && node.enum.includes('2021-07-05')) node.enum.push('2021-05-14');
  for (const child of Object.values(node)) addMissingVersion(child);
}

function count() {
  return { passed: 0, failed: 0 };
}

async function checkVersion(version, specification, total) {
  addMissingVersion(specification);
  const ajv = new Ajv2020({ strict: false, allErrors: true, discriminator: false });
  addFormats(ajv);
  ajv.addFormat('integer', true);
  ajv.addFormat('json', true);
  ajv.addSchema({ $id: 'persona', ...specification, paths: withoutBraces(specification.paths) });
  const sandbox = await createSandbox({ port: false, randomSeed: 1, sender: silent });
  for (const { operation } of ROUTES) {
    const description = API_OPERATIONS.find(({ name }) => name === operation);
    const place = describedAt(specification, description);
    if (place === undefined) continue;
    await checkOperation({ version, specification, ajv, description, place, sandbox }, total);
  }
  await sandbox.close();
}

/** JSON pointer of the operation in the description; undefined where that version lacks it. */
function describedAt(specification, { method, path }) {
  const item = specification.paths[path];
  if (item?.[method.toLowerCase()] === undefined) return undefined;
  return `/paths/${path.replace(/[{}]/g, '_').replaceAll('~', '~0').replaceAll('/', '~1')}/${method.toLowerCase()}`;
}

async function checkOperation(context, total) {
  const { specification, description } = context;
  const operation = specification.paths[description.path][description.method.toLowerCase()];
  const examples = examplesOf(resolve(operation.requestBody, specification), specification);
  for (const example of examples.length === 0 ? [undefined] : examples) {
    const reply = await ask(context, example);
    judgeAnswer(context, reply, total);
    if (example !== undefined)
      tally(total, ['examples', reply.status !== 400], () => [
        `${label(context)} refuses an example`,
        `  ${reply.text}`,
      ]);
    for (const { name, body } of refusedMutations(context, example)) {
      const refused = await ask(context, body);
      judgeAnswer(context, refused, total);
      tally(total, ['mutations', refused.status === 400 || refused.status === 422], () => [
        `${label(context)} accepts ${name}`,
      ]);
    }
  }
}

/** Compiled once: that takes longer than all else that is done with a schema. */
function compiled(ajv, reference) {
  return ajv.getSchema(reference);
}

function refusedMutations({ ajv, place, specification, description }, example) {
  if (example === undefined) return [];
  const { requestBody } = specification.paths[description.path][description.method.toLowerCase()];
  const pointer = requestBody.$ref?.slice(1) ?? `${place}/requestBody`;
  const check = compiled(ajv, `persona#${pointer}/content/application~1json/schema`);
  if (!check(example)) return []; // An example that its own schema refuses says nothing.
  return mutationsOf(example).filter(({ body }) => !check(body));
}

function examplesOf(requestBody, specification) {
  const content = requestBody?.content?.['application/json'];
  if (content === undefined) return [];
  const named = Object.values(content.examples ?? {}).map((example) => resolve(example, specification).value);
  return [...named, ...(content.example === undefined ? [] : [content.example])].filter(
    (value) => value !== undefined,
  );
}

function resolve(node, specification) {
  if (node?.$ref === undefined) return node;
  const path = node.$ref.slice(2).split('/');
  return path.reduce((at, key) => at?.[key.replaceAll('~1', '/').replaceAll('~0', '~')], specification);
}

/** Puts one of everything into the sandbox before each request. */
async function ask({ version, description, sandbox }, body) {
  await sandbox.reset();
  const call = caller(sandbox, version);
  const ids = await populate(call);
  // The report is ready by then.
  await sandbox.advance('2s');
  const path = description.path.replace(
    /\{([^}]+)\}/g,
    (_, name) => ids[nameOf(description, name)] ?? ids[name] ?? 'x_1',
  );
  return call(description.method, path + queryOf(description, ids), withIds(body, bodyIds(description, ids)));
}

/** Accounts in the body are those that are merged into the one in the path. */
function bodyIds({ name }, ids) {
  if (name !== 'consolidate-into-an-account') return ids;
  return { ...ids, 'account-id': ids['source-account-id'] };
}

const silent = { send: () => new Promise(() => {}) };

/** Paths of one type of document or verification need an id of that type. */
function nameOf({ path }, name) {
  const [, family, kind] = path.split('/');
  const isTyped = family === 'verification' || family === 'document';
  return isTyped ? `${kind} ${name}` : name;
}

function queryOf({ name }, ids) {
  if (name === 'list-all-inquiry-template-versions')
    return `?filter[inquiry-template-id]=${ids['inquiry-template-id']}`;
  if (name === 'list-all-devices') return `?filter[inquiry-session-id]=${ids['inquiry-session-id']}`;
  return name === 'retrieve-an-inquiry'
    ? '?include=account,verifications,documents,sessions,inquiry-template'
    : '';
}

/** Ids of examples name objects that the sandbox does not have. */
function withIds(body, ids) {
  if (body === undefined) return undefined;
  const text = JSON.stringify(body)
    .replace(/"act_\w+"/g, `"${ids['account-id']}"`)
    .replace(/"inq_\w+"/g, `"${ids['inquiry-id']}"`)
    .replace(/"vtmpl_\w+"/g, '"vtmpl_GovernmentiDSampLeSampLe"');
  return JSON.parse(text);
}

function caller(sandbox, version) {
  return async (method, path, body) => {
    const response = await sandbox.fetch(`${sandbox.url}/api/v1${path}`, {
      method,
      headers: { Authorization: `Bearer ${KEY}`, 'Persona-Version': version },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, text, body: JSON.parse(text) };
  };
}

async function populate(call) {
  const created = await call('POST', '/inquiries', {
    data: {
      attributes: { 'inquiry-template-id': 'itmpl_inquiryTempLateSampLeSam', 'reference-id': 'person-1' },
    },
    meta: { 'auto-create-inquiry-session': true },
  });
  const { id, relationships } = created.body.data;
  const verifying = (type) => ({
    type: 'create_passed_verification',
    data: { 'verification-template-id': type },
  });
  const actions = [
    verifying('vtmpl_GovernmentiDSampLeSampLe'),
    verifying('vtmpl_SeLfieSampLeSampLeSampLe'),
    verifying('vtmpl_DocumentSampLeSampLeSamp'),
    verifying('vtmpl_DatabaseSampLeSampLeSamp'),
  ];
  const acted = await call('POST', `/inquiries/${id}/perform-simulate-actions`, {
    meta: { 'simulate-actions': actions },
  });
  const { verifications, documents, sessions } = acted.body.data.relationships;
  const webhook = await call('POST', '/webhooks', {
    data: { attributes: { name: 'a', url: 'http://localhost:9/', 'enabled-events': ['*'] } },
  });
  const report = await call('POST', '/reports', {
    data: { type: 'report/watchlist', attributes: { query: { term: 'Sample' } } },
  });
  const account = await call('POST', '/accounts', { data: { attributes: {} } });
  const events = await call('GET', '/events?page[size]=1');
  return {
    'inquiry-id': id,
    'account-id': relationships.account.data.id,
    'source-account-id': account.body.data.id,
    'verification-id': verifications.data[0].id,
    'government-ids verification-id': verifications.data[0].id,
    'selfies verification-id': verifications.data[1].id,
    'documents verification-id': verifications.data[2].id,
    'databases verification-id': verifications.data[3].id,
    'document-id': documents.data[0].id,
    'government-ids document-id': documents.data[0].id,
    'generics document-id': documents.data[1].id,
    'inquiry-session-id': sessions.data[0].id,
    'inquiry-template-id': 'itmpl_inquiryTempLateSampLeSam',
    'report-id': report.body.data.id,
    'webhook-id': webhook.body.data.id,
    'event-id': events.body.data[0].id,
  };
}

function judgeAnswer(context, { status, body, text }, total) {
  const { specification, description, ajv, place } = context;
  const operation = specification.paths[description.path][description.method.toLowerCase()];
  const described = operation.responses[status];
  if (described === undefined) {
    tally(total, ['answers', false], () => [`${label(context)} answers ${status}: ${text.slice(0, 200)}`]);
    return;
  }
  const pointer = described.$ref?.slice(1) ?? `${place}/responses/${status}`;
  const check = compiled(ajv, `persona#${pointer}/content/application~1json/schema`);
  const isValid = check(body);
  tally(total, ['answers', isValid], () => [
    `${label(context)} answers ${status} with`,
    ...check.errors
      .slice(0, FAULTS_SHOWN)
      .map((error) => `  ${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`),
  ]);
}

function label({ version, description }) {
  return `${version} ${description.name}`;
}

function tally(total, [kind, isPassed], faults) {
  total[kind][isPassed ? 'passed' : 'failed'] += 1;
  if (!isPassed) total.faults.push(...faults());
}
