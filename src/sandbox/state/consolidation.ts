import { stringAt, type JsonObject } from '../../json/node.ts';
import { ApiError } from '../errors.ts';
import { withRelations } from './edit.ts';
import { familyOf, referenceTo, relatedId } from './store.ts';
import { touched } from './transitions.ts';
import { emit, type Environment } from './environment.ts';

/**
 * Merges accounts into another one: what belongs to them becomes the destination's, their attributes do not, and they
 * can be read but no longer used (OPENAPI consolidate-into-an-account). Persona answers 202 and does it a while later;
 * here it is done at once. UNDOCUMENTED: statuses of refusals; whether `account.archived` is sent too, here it is not.
 * @throws {ApiError} when one of the accounts cannot take part; then none was merged
 */
export function consolidate(
  environment: Environment,
  destination: JsonObject,
  sourceIds: readonly string[],
): JsonObject {
  checkInUse(environment, destination);
  const { id } = referenceTo(destination);
  const sources = [...new Set(sourceIds)].map((sourceId) => sourceOf(environment, sourceId, id));
  return sources.reduce((survivor, source) => merge(environment, { source, survivor }), destination);
}

function sourceOf(environment: Environment, id: string, destinationId: string): JsonObject {
  if (id === destinationId)
    throw new ApiError(422, {
      details: `meta.source-account-ids: ${id} is the destination, which is named in the path`,
      pointer: '/meta/source-account-ids',
    });
  const source = environment.store.get(id);
  if (source === undefined || familyOf(stringAt(source, 'type') ?? '') !== 'account')
    throw new ApiError(404, 'meta.source-account-ids names an account that is not found');
  checkInUse(environment, source);
  return source;
}

function merge(
  environment: Environment,
  { source, survivor }: { source: JsonObject; survivor: JsonObject },
): JsonObject {
  const [from, to] = [referenceTo(source), referenceTo(survivor)];
  for (const family of OWNED)
    for (const resource of ownedBy(environment, from.id, family))
      environment.store.put(withRelations(resource, { account: to }));
  environment.consolidatedInto.set(from.id, to.id);
  emit(environment, 'account.consolidated', { resource: touched(environment, source) });
  return emit(environment, 'account.consolidated-with', { resource: touched(environment, survivor) });
}

/** What has an account. */
const OWNED = ['inquiry', 'report'] as const;

export function ownedBy(
  environment: Environment,
  accountId: string,
  family: (typeof OWNED)[number],
): JsonObject[] {
  return environment.store.all(family).filter((resource) => relatedId(resource, 'account') === accountId);
}

/** @throws {ApiError} 409 for an account that was merged into another one */
export function checkInUse(environment: Environment, account: JsonObject): void {
  const into = environment.consolidatedInto.get(referenceTo(account).id);
  if (into === undefined) return;
  throw new ApiError(
    409,
    `The account was consolidated into ${into}, which carries on in its place: use that one.`,
  );
}
