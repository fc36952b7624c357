import { at, type JsonObject } from '../../json/node.ts';
import { withValues } from './edit.ts';
import { touched } from './transitions.ts';
import { emit, type World } from './world.ts';

/** Gives a resource these tags; sends its event when that changes something. */
export function setTags(
  world: World,
  resource: JsonObject,
  { event, tags }: { event: 'inquiry.updated-tags' | 'account.updated-tags'; tags: readonly string[] },
): JsonObject {
  const before = tagsOf(resource);
  const after = [...new Set(tags)];
  const added = after.filter((tag) => !before.includes(tag));
  const removed = before.filter((tag) => !after.includes(tag));
  if (added.length + removed.length === 0) return resource;
  const tagged = world.store.put(touched(world, withValues(resource, { tags: after })));
  emit(world, event, { resource: tagged, context: { 'added-tags': added, 'removed-tags': removed } });
  return tagged;
}

export function tagsOf(resource: JsonObject): string[] {
  const tags = at(resource, 'attributes', 'tags');
  return tags?.kind === 'array'
    ? tags.items.flatMap((tag) => (tag.kind === 'scalar' ? [String(tag.value)] : []))
    : [];
}
