import type { JsonObject } from '../../json/node.ts';
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
  /** Turns a resource of this version into one of the version before. */
  downgrade(resource: JsonObject, related: Related): JsonObject;
}

/** The resource of that id in the same payload, as it was built, if the payload has it. */
export type Related = (id: string | undefined) => JsonObject | undefined;

export function appliesTo({ types }: VersionChange, type: string): boolean {
  return types.some(
    (pattern) => pattern === '*' || pattern === type || (pattern.endsWith('/') && type.startsWith(pattern)),
  );
}
