import { array, object, stringAt, type JsonMember, type JsonNode } from '../json/node.ts';
import { API_VERSIONS, type ApiVersion, type KeyInflection } from '../persona/contract.ts';

/** From this version on `attributes.fields` keep the spelling that the organisation configured (changelog). */
const FIELDS_LEFT_ALONE_FROM: ApiVersion = '2025-10-27';

/** What keys are turned into. Values are never touched: types, event names, statuses and check names stay. */
export interface InflectionRule {
  readonly inflection: KeyInflection;
  readonly apiVersion: ApiVersion;
}

/** Gives every key of an event the webhook's inflection. Fixtures are kebab already: the same document. */
export function inflectKeys<T extends JsonNode>(document: T, rule: InflectionRule): T {
  if (rule.inflection === 'kebab') return document;
  const isOld = API_VERSIONS.indexOf(rule.apiVersion) < API_VERSIONS.indexOf(FIELDS_LEFT_ALONE_FROM);
  const walker = { key: KEY[rule.inflection], fieldKey: isOld ? FIELD_KEY[rule.inflection] : keep };
  return inflect(document, walker) as T;
}

interface Walker {
  readonly key: (key: string) => string;
  /** For keys inside `attributes.fields`, at any depth. */
  readonly fieldKey: (key: string) => string;
}

const keep = (key: string) => key;

const KEY = {
  camel: (key: string) => key.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()),
  snake: (key: string) => key.replaceAll('-', '_'),
};

/** In fields only letters are folded: `address-street-1` is `addressStreet-1` there (recorded 2024-12). */
const FIELD_KEY = {
  camel: (key: string) => key.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase()),
  snake: KEY.snake,
};

function inflect(node: JsonNode, walker: Walker): JsonNode {
  if (node.kind === 'scalar') return node;
  if (node.kind === 'array') return array(node.items.map((item) => inflect(item, walker)));
  const isAccount = stringAt(node, 'type') === 'account';
  return object(
    node.members.map((entry) => {
      if (entry.key === 'attributes')
        return renamed(entry, walker, inflectAttributes(entry.value, walker, isAccount));
      return renamed(entry, walker, inflect(entry.value, walker));
    }),
  );
}

/** Account fields are never inflected, in any version (OPENAPI schema account). */
function inflectAttributes(attributes: JsonNode, walker: Walker, isAccount: boolean): JsonNode {
  if (attributes.kind !== 'object') return attributes;
  const fieldKey = isAccount ? keep : walker.fieldKey;
  return object(
    attributes.members.map((entry) => {
      const inner = entry.key === 'fields' ? { key: fieldKey, fieldKey } : walker;
      return renamed(entry, walker, inflect(entry.value, inner));
    }),
  );
}

function renamed(entry: JsonMember, { key }: Walker, value: JsonNode): JsonMember {
  const name = key(entry.key);
  return name === entry.key ? { ...entry, value } : { key: name, value };
}
