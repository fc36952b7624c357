import { stringAt, type JsonObject } from '../../json/node.ts';
import { ApiError } from '../errors.ts';
import { withRelation } from './edit.ts';
import { familyOf, referenceTo } from './store.ts';
import { touched } from './transitions.ts';
import { emit, type World } from './world.ts';

/**
 * Merges accounts into another one: what belongs to them becomes the destination's, their attributes do not, and they
 * can be read but no longer used (OPENAPI consolidate-into-an-account). Persona answers 202 and does it a while later;
 * here it is done at once. UNDOCUMENTED: statuses of refusals; whether `account.archived` is sent too, here it is not.
 * @throws {ApiError} when one of the accounts cannot take part; then none was merged
 */
export function consolidate(world: World, destination: JsonObject, sourceIds: readonly string[]): JsonObject {
  checkInUse(world, destination);
  const { id } = referenceTo(destination);
  const sources = [...new Set(sourceIds)].map((sourceId) => sourceOf(world, sourceId, id));
  return sources.reduce((survivor, source) => merge(world, { source, survivor }), destination);
}

function sourceOf(world: World, id: string, destinationId: string): JsonObject {
  if (id === destinationId)
    throw new ApiError(422, {
      details: `meta.source-account-ids: ${id} is the destination, which is named in the path`,
      pointer: '/meta/source-account-ids',
    });
  const source = world.store.get(id);
  if (source === undefined || familyOf(stringAt(source, 'type') ?? '') !== 'account')
    throw new ApiError(404, 'meta.source-account-ids names an account that is not found');
  checkInUse(world, source);
  return source;
}

function merge(world: World, { source, survivor }: { source: JsonObject; survivor: JsonObject }): JsonObject {
  const [from, to] = [referenceTo(source), referenceTo(survivor)];
  for (const family of OWNED)
    for (const resource of ownedBy(world, from.id, family))
      world.store.put(withRelation(resource, 'account', to));
  world.consolidatedInto.set(from.id, to.id);
  emit(world, 'account.consolidated', { resource: world.store.put(touched(world, source)) });
  const grown = world.store.put(touched(world, survivor));
  emit(world, 'account.consolidated-with', { resource: grown });
  return grown;
}

/** What has an account. */
const OWNED = ['inquiry', 'report'] as const;

export function ownedBy(world: World, accountId: string, family: (typeof OWNED)[number]): JsonObject[] {
  const isOwned = (resource: JsonObject) =>
    stringAt(resource, 'relationships', 'account', 'data', 'id') === accountId;
  return world.store.all(family).filter(isOwned);
}

/** @throws {ApiError} 409 for an account that was merged into another one */
export function checkInUse(world: World, account: JsonObject): void {
  const into = world.consolidatedInto.get(referenceTo(account).id);
  if (into === undefined) return;
  throw new ApiError(
    409,
    `The account was consolidated into ${into}, which carries on in its place: use that one.`,
  );
}
