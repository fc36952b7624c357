import type { Event } from '../event/build.ts';
import { PAYLOAD } from '../event/overrides.ts';
import { at, type JsonObject } from '../json/node.ts';
import { canonicalKey } from '../persona/key-convention.ts';
import { attributePaths, pathText, type AttributePath } from './attribute-paths.ts';
import { applyBlocklist, type Removal } from './blocklist/apply.ts';
import type { PayloadConfiguration } from './compose.ts';
import { restrictIncluded } from './included.ts';
import { restrictRelationships } from './relationships.ts';
import { HISTORY, toVersion, type VersionChange } from './versions/index.ts';

/** What keeps an attribute out of a body. */
export type MissingReason =
  | { readonly kind: 'blocklist'; readonly entry: string }
  | { readonly kind: 'included-allowlist' }
  | { readonly kind: 'relationship-allowlist' }
  /** The change of a dated version that took it away, or that the webhook is too old for. */
  | { readonly kind: 'api-version'; readonly version: string; readonly description: string }
  /** Nothing of the webhook: the object did not have it when the body was sent. */
  | { readonly kind: 'not-removed' };

export interface BodyExplanation {
  /** What an event of this name has, in any version, and this body has not; only the outermost of what is nested. */
  readonly missing: readonly { readonly path: string; readonly reason: MissingReason }[];
  /** What the blocklist removes, and this body has all the same. */
  readonly present: readonly Removal[];
}

/**
 * Compares a body that was sent with what an event of its name has, and says of what is missing which part of the
 * webhook removes it.
 * @param reference - an event of the same name in the newest version, with all that it can have
 * @param body - any key inflection, any version
 */
export function explainBody(
  reference: Event,
  body: JsonObject,
  configuration: PayloadConfiguration,
): BodyExplanation {
  const versions = everyVersion(reference.document);
  const removes = removalsOf(
    versions[configuration.versionChanges.length] ?? reference.document,
    configuration,
  );
  const there = attributePaths(payloadOf(body));
  const paths = versions.map((document) => attributePaths(payloadOf(document)));
  const known = new Map(paths.flatMap((ofVersion) => [...ofVersion]));
  const missing = [...known.values()]
    .filter((path) => !there.has(pathText(path)) && isOutermost(path, there))
    .map((path) => {
      const text = pathText(path);
      return { path: text, reason: removes(text) ?? versionReason(text, paths, configuration) };
    });
  return { missing, present: applyBlocklist(body, configuration.blocklist).removed };
}

/** The event in the newest version first; then with one change of `HISTORY` after the other told backwards. */
function everyVersion(document: JsonObject): JsonObject[] {
  return Array.from({ length: HISTORY.length + 1 }, (_, count) =>
    toVersion(document, HISTORY.slice(0, count)),
  );
}

function payloadOf(document: JsonObject): JsonObject {
  const payload = at(document, ...PAYLOAD);
  return payload?.kind === 'object' ? payload : { kind: 'object', members: [] };
}

function isOutermost(path: AttributePath, there: ReadonlyMap<string, AttributePath>): boolean {
  const parent = path.slice(0, -1);
  return parent.length === 0 || pathText(parent) === 'data' || there.has(pathText(parent));
}

/** What the webhook itself removes from an event of its version. */
function removalsOf(
  document: JsonObject,
  { included, relationships, blocklist }: PayloadConfiguration,
): (path: string) => MissingReason | undefined {
  const whole = payloadOf(document);
  const withIncluded = restrictIncluded(whole, included);
  const pathsOf = (payload: JsonObject) => attributePaths(payload);
  const steps = [whole, withIncluded, restrictRelationships(withIncluded, relationships)].map(pathsOf);
  const blocked = new Map(
    applyBlocklist(document, blocklist).removed.map(({ path, entry }) => [canonicalPath(path, whole), entry]),
  );
  return (path) => {
    const [before, afterIncluded, afterRelationships] = steps;
    if (before?.has(path) !== true) return undefined;
    if (afterIncluded?.has(path) !== true) return { kind: 'included-allowlist' };
    if (afterRelationships?.has(path) !== true) return { kind: 'relationship-allowlist' };
    const entry = blocked.get(path);
    return entry === undefined ? { kind: 'not-removed' } : { kind: 'blocklist', entry };
  };
}

/** `included[2].attributes.x[0].yZ` of the blocklist as `included(account).attributes.x.y-z`. */
function canonicalPath(path: string, payload: JsonObject): string {
  const [, index] = /^included\[(\d+)\]/.exec(path) ?? [];
  const type = index === undefined ? undefined : at(payload, 'included', Number(index), 'type');
  const start = type?.kind === 'scalar' ? `included(${String(type.value)})` : 'data';
  const steps = path
    .replaceAll(/\[\d+\]/g, '')
    .split('.')
    .slice(1);
  return pathText([start, ...steps.map(canonicalKey)]);
}

/** Which change lies between the webhook's version and the nearest one that has it. */
function versionReason(
  path: string,
  pathsOfVersions: readonly ReadonlyMap<string, AttributePath>[],
  { versionChanges }: PayloadConfiguration,
): MissingReason {
  const own = versionChanges.length;
  const has = pathsOfVersions.map((paths) => paths.has(path));
  const older = has.indexOf(true, own);
  const newer = has.lastIndexOf(true, own);
  const change: VersionChange | undefined = older >= 0 ? HISTORY[older - 1] : HISTORY[newer];
  if (change === undefined) return { kind: 'not-removed' };
  return { kind: 'api-version', version: change.version, description: change.description };
}
