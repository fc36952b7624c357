import type { Random } from '../ports.ts';

/** Bitcoin's base58 (no 0 O I l): every published id that is not a placeholder fits (OPENAPI examples, DOCS). */
export const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

/** Changelog 2024-01-29: inquiry ids have 32 characters in all. Others are printed with 24 after the prefix. */
const TOKEN_LENGTH_DEFAULT = 24;
const TOKEN_LENGTH_BY_PREFIX: ReadonlyMap<string, number> = new Map([['inq', 28]]);

/** Prefixes seen in OPENAPI and DOCS, by the type of the resource. */
export const ID_PREFIXES = [
  'account:act',
  'account-status:actst',
  'account-type:acttp',
  'api-key:api',
  'case:case',
  'case-comment:cscm',
  'case-queue:cqueue',
  'case-template:ctmpl',
  'connection:cxn',
  'connect/share-token:cnst',
  'device:dev',
  'document:doc',
  'document-file:docf',
  'environment:env',
  'event:evt',
  'graph-query:grphq',
  'importer:mprt',
  'importer-pipeline:mprtp',
  'importer-pipeline-run:mprtpr',
  'inquiry:inq',
  'inquiry-session:iqse',
  'inquiry-template:itmpl',
  'inquiry-template-version:itmplv',
  'list:lst',
  'network:net',
  'organization:org',
  'relay:relay',
  'report:rep',
  'report-action:ract',
  'report-run:rpr',
  'report-template:rptp',
  'selfie:self',
  'template:tmpl',
  'theme-set:theset',
  'transaction:txn',
  'transaction-label:txnl',
  'transaction-type:txntp',
  'user:user',
  'verification:ver',
  'verification-template:vtmpl',
  'verification-template-version:vtmplv',
  'webhook:wbh',
  'workflow:wfl',
  'workflow-deployment:wfd',
  'workflow-run:wfr',
  'workflow-step:wfs',
  'workflow-version:wfv',
] as const;

const PREFIX_BY_TYPE = new Map(ID_PREFIXES.map((row) => row.split(':') as [string, string]));
const PREFIXES: ReadonlySet<string> = new Set(PREFIX_BY_TYPE.values());

/** What an organisation sets up once: the same objects stand behind the events of all its people. */
const CONFIGURATION_PREFIXES: ReadonlySet<string> = new Set(
  (
    'actst acttp api cqueue ctmpl cxn env itmpl itmplv lst mprtp org rptp theset tmpl txntp user ' +
    'vtmpl vtmplv wbh wfd wfl wfv'
  ).split(' '),
);

/** Does an id with this prefix name a part of an organisation's configuration, such as a template? */
export function isConfigurationPrefix(prefix: string): boolean {
  return CONFIGURATION_PREFIXES.has(prefix);
}

/** The prefix of ids of a resource type; subtypes share it (`verification/selfie` → `ver`). */
export function idPrefix(type: string): string | undefined {
  return PREFIX_BY_TYPE.get(type) ?? PREFIX_BY_TYPE.get(type.split('/')[0] ?? type);
}

/** The prefix of a string that is an id (`inq_` and at least 20 letters or digits); undefined otherwise. */
export function prefixOfId(text: string): string | undefined {
  const prefix = /^([a-z]+)_[0-9A-Za-z]{20,}$/.exec(text)?.[1];
  return prefix !== undefined && PREFIXES.has(prefix) ? prefix : undefined;
}

/** How many characters follow `prefix_`. */
export function idTokenLength(prefix: string): number {
  return TOKEN_LENGTH_BY_PREFIX.get(prefix) ?? TOKEN_LENGTH_DEFAULT;
}

/** A fresh id, e.g. `evt_` and 24 base58 characters. */
export function newId(prefix: string, random: Random): string {
  return `${prefix}_${newToken(idTokenLength(prefix), random)}`;
}

/** Another id of the same kind and length: what follows the first `_` is drawn again. */
export function renewId(id: string, random: Random): string {
  const start = id.indexOf('_') + 1;
  return id.slice(0, start) + newToken(id.length - start, random);
}

function newToken(length: number, random: Random): string {
  let token = '';
  for (let count = 0; count < length; count += 1) token += BASE58.charAt(random.below(BASE58.length));
  return token;
}
