import { at, type JsonObject } from '../../json/node.ts';
import { RECORD_INVALID_TITLE } from '../../persona/api.ts';
import { ApiError } from '../errors.ts';
import { one, type Call, type Route } from '../http/call.ts';
import { accountTagsSchema, tagSchema, tagsSchema } from '../requests/inquiry.ts';
import { withValues } from '../state/edit.ts';
import { touched } from '../state/transitions.ts';
import { emit } from '../state/world.ts';

/** The three operations on the tags of a kind of resource, and the event that they send. */
export function tagRoutes(
  prefix: 'inquiries' | 'accounts',
  event: string,
  resourceOf: (call: Call) => JsonObject,
): Route[] {
  const change = (call: Call, next: (tags: readonly string[]) => readonly string[]) =>
    one(setTags(call, { resource: resourceOf(call), event, next }));
  return [
    {
      operation: `${prefix}-add-tag`,
      coverage: 'stateful',
      handle: (call) => {
        const tag = tagOf(call);
        return change(call, (tags) => (tags.includes(tag) ? tags : [...tags, tag]));
      },
    },
    {
      operation: `${prefix}-remove-tag`,
      coverage: 'stateful',
      handle: (call) => {
        const tag = tagOf(call);
        return change(call, (tags) => tags.filter((other) => other !== tag));
      },
    },
    {
      operation: `${prefix}-set-all-tags`,
      coverage: 'stateful',
      handle: (call) => {
        const { meta } = call.body(prefix === 'accounts' ? accountTagsSchema : tagsSchema);
        const names = meta?.['tag-name'] ?? meta?.['tag-id'] ?? [];
        return change(call, () => [...new Set(names)]);
      },
    },
  ];
}

/** UNDOCUMENTED: ids of tags; here the name is the id. */
function tagOf(call: Call): string {
  const { meta } = call.body(tagSchema);
  const tag = meta?.['tag-name'] ?? meta?.['tag-id'];
  if (tag !== undefined) return tag;
  throw new ApiError(422, {
    title: RECORD_INVALID_TITLE,
    details: 'meta.tag-name is missing: {"meta": {"tag-name": "vip"}}',
    pointer: '/meta/tag-name',
  });
}

interface TagChange {
  readonly resource: JsonObject;
  readonly event: string;
  readonly next: (tags: readonly string[]) => readonly string[];
}

function setTags({ world }: Call, { resource, event, next }: TagChange): JsonObject {
  const before = tagsOf(resource);
  const after = next(before);
  const added = after.filter((tag) => !before.includes(tag));
  const removed = before.filter((tag) => !after.includes(tag));
  if (added.length + removed.length === 0) return resource;
  const tagged = world.store.put(touched(world, withValues(resource, { tags: after })));
  const context = { 'added-tags': added, 'removed-tags': removed };
  emit(world, event, { resource: tagged, context });
  return tagged;
}

function tagsOf(resource: JsonObject): string[] {
  const tags = at(resource, 'attributes', 'tags');
  return tags?.kind === 'array'
    ? tags.items.flatMap((tag) => (tag.kind === 'scalar' ? [String(tag.value)] : []))
    : [];
}
