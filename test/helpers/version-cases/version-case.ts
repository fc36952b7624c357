import type { JsonValue } from '../../../src/json/node.ts';
import type { VersionChange } from '../../../src/payload/versions/index.ts';

/** A resource as the change's own version prints it, and as the version before does. */
export interface VersionCase {
  readonly name: string;
  readonly change: VersionChange;
  readonly before: JsonValue;
  readonly after: JsonValue;
  readonly included?: JsonValue;
}

export function resource(type: string, attributes: JsonValue, relationships?: JsonValue): JsonValue {
  const bare = { type, id: 'sample_1', attributes };
  return relationships === undefined ? bare : { ...bare, relationships };
}

export function pointer(type: string, id: string) {
  return { type, id };
}

export function text(value: string | null) {
  return { type: 'string', value };
}
