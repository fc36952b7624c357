import { at, type JsonObject } from '../../json/node.ts';
import { withValues } from './edit.ts';
import { touched } from './transitions.ts';
import { emit, type Environment } from './environment.ts';

export interface TagChange {
  /** Undefined where Persona's catalogue has none. */
  readonly event: 'inquiry.updated-tags' | 'account.updated-tags' | undefined;
  readonly tags: readonly string[];
}

/** Gives a resource these tags; sends its event when that changes something. */
export function setTags(
  environment: Environment,
  resource: JsonObject,
  { event, tags }: TagChange,
): JsonObject {
  const before = tagsOf(resource);
  const after = [...new Set(tags)];
  const added = after.filter((tag) => !before.includes(tag));
  const removed = before.filter((tag) => !after.includes(tag));
  if (added.length + removed.length === 0) return resource;
  const tagged = touched(environment, withValues(resource, { tags: after }));
  const context = { 'added-tags': added, 'removed-tags': removed };
  if (event === undefined) return environment.store.put(tagged);
  return emit(environment, event, { resource: tagged, context });
}

export function tagsOf(resource: JsonObject): string[] {
  const tags = at(resource, 'attributes', 'tags');
  return tags?.kind === 'array'
    ? tags.items.flatMap((tag) => (tag.kind === 'scalar' ? [String(tag.value)] : []))
    : [];
}
