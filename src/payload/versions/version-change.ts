import {
  at,
  object,
  scalar,
  type JsonObject,
  type JsonMember,
  type JsonNode,
  type JsonScalar,
} from '../../json/node.ts';
import type { ApiVersion } from '../../persona/contract.ts';

/**
 * One thing that a dated API version changed in bodies, told backwards: events are built in the newest version
 * and walk down, change by change, to the version of the webhook.
 */
export interface VersionChange {
  /** The version whose introduction changed things: webhooks of older versions still see the former state. */
  readonly version: ApiVersion;
  /** Resource types: a whole type, all types below a prefix (`report/`), or every type (`*`). */
  readonly types: readonly string[];
  readonly description: string;
  /** In the terms of contract.ts; CHANGELOG is Persona's API changelog, RECORDED a real delivery of 2023-09-22. */
  readonly source: string;
  /** Turns the attributes of a resource of this version into those of the version before. */
  downgrade(attributes: JsonObject, of: Changed): JsonObject;
  /** A relationship that the version before does not have. */
  readonly newRelationship?: string | undefined;
}

/** The resource as it was before the change is undone, and what it may point to. */
export interface Changed {
  readonly resource: JsonObject;
  readonly related: Related;
}

/** The resource of that id in the same payload, as it was built, if the payload has it. */
export type Related = (id: string | undefined) => JsonObject | undefined;

export function appliesTo({ types }: VersionChange, type: string): boolean {
  return types.some(
    (pattern) => pattern === '*' || pattern === type || (pattern.endsWith('/') && type.startsWith(pattern)),
  );
}

export const NULL = scalar(null);

/** Where former members stood. Without a place, or where the neighbour is missing: at the end. */
type Place = { readonly before: string } | { readonly after: string } | undefined;

/**
 * Puts former members back. Those that are there already stay: a body recorded in an old version, used as a
 * fixture, knows better than our derivation.
 */
export function putBack(
  node: JsonObject,
  former: Readonly<Record<string, JsonNode>>,
  place?: Place,
): JsonObject {
  const present = new Set(node.members.map(({ key }) => key));
  const missing = Object.entries(former).flatMap(([key, value]) =>
    present.has(key) ? [] : [{ key, value }],
  );
  const index = indexOf(node.members, place);
  return object([...node.members.slice(0, index), ...missing, ...node.members.slice(index)]);
}

/** The scalar at a path, `null` where there is none: Persona prints what it does not know as null. */
export function scalarAt(node: JsonNode | undefined, ...path: readonly (string | number)[]): JsonScalar {
  const found = at(node, ...path);
  return found?.kind === 'scalar' ? found : NULL;
}

/** The items of the list at a path, none where there is no list. */
export function itemsAt(
  node: JsonNode | undefined,
  ...path: readonly (string | number)[]
): readonly JsonNode[] {
  const found = at(node, ...path);
  return found?.kind === 'array' ? found.items : [];
}

function indexOf(members: readonly JsonMember[], place: Place): number {
  if (place === undefined) return members.length;
  const neighbour = 'before' in place ? place.before : place.after;
  const index = members.findIndex(({ key }) => key === neighbour);
  if (index < 0) return members.length;
  return 'before' in place ? index : index + 1;
}
