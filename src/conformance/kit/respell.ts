import { array, object, type JsonNode } from '../../json/node.ts';
import { parseJson } from '../../json/parse.ts';
import { serialisePretty } from '../../json/serialise.ts';

/** The same JSON in other bytes: members in reverse order, and white space. */
export function respelled(body: Buffer): Buffer {
  return Buffer.from(serialisePretty(reversed(parseJson(body.toString('utf8')))), 'utf8');
}

function reversed(node: JsonNode): JsonNode {
  switch (node.kind) {
    case 'scalar':
      return node;
    case 'array':
      return array(node.items.map(reversed));
    case 'object':
      return object(node.members.map((entry) => ({ ...entry, value: reversed(entry.value) })).reverse());
  }
}
