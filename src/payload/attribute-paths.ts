import { member, stringAt, type JsonNode, type JsonObject } from '../json/node.ts';
import { canonicalKey } from '../persona/key-convention.ts';

/**
 * Where everything of a payload (`{data, included}`) stands, in any key inflection: `data.attributes.fields.name-first`,
 * `included(account).attributes.tags`, `data.relationships.template`. Objects of a list share the path of the list. A
 * path is a list of its steps.
 */
export type AttributePath = readonly string[];

export function attributePaths(payload: JsonObject): Map<string, AttributePath> {
  const found = new Map<string, AttributePath>();
  const add = (path: AttributePath) => found.set(pathText(path), path);
  addResource(member(payload, 'data'), ['data'], add);
  const included = member(payload, 'included');
  for (const item of included?.kind === 'array' ? included.items : []) {
    const path = [`included(${stringAt(item, 'type') ?? ''})`];
    add(path);
    addResource(item, path, add);
  }
  return found;
}

export function pathText(path: AttributePath): string {
  return path.join('.');
}

type Add = (path: AttributePath) => void;

function addResource(resource: JsonNode | undefined, path: AttributePath, add: Add): void {
  for (const part of ['attributes', 'relationships']) {
    const node = member(resource, part);
    if (node?.kind !== 'object') continue;
    add([...path, part]);
    if (part === 'attributes') addMembers(node, [...path, part], add);
    else for (const { key } of node.members) add([...path, part, canonicalKey(key)]);
  }
}

function addMembers(node: JsonNode, path: AttributePath, add: Add): void {
  switch (node.kind) {
    case 'scalar':
      return;
    case 'array':
      for (const item of node.items) addMembers(item, path, add);
      return;
    case 'object':
      for (const { key, value } of node.members) {
        const inner = [...path, canonicalKey(key)];
        add(inner);
        addMembers(value, inner, add);
      }
  }
}
