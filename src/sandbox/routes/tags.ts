import type { JsonObject } from '../../json/node.ts';
import { RECORD_INVALID_TITLE } from '../../persona/api.ts';
import { ApiError } from '../errors.ts';
import { changes, one, type Call, type Route } from '../http/call.ts';
import { setTags, tagsOf, type TagChange } from '../state/tagging.ts';

/** The three operations on the tags of a kind of resource, and the event that they send, if any. */
export function tagRoutes(
  prefix: 'inquiries' | 'accounts' | 'reports',
  event: TagChange['event'],
  resourceOf: (call: Call) => JsonObject,
): Route[] {
  const change = (call: Call, next: (tags: readonly string[]) => readonly string[]) => {
    const resource = resourceOf(call);
    return one(setTags(call.environment, resource, { event, tags: next(tagsOf(resource)) }));
  };
  return [
    changes(`${prefix}-add-tag`, (call) => {
      const tag = tagOf(call);
      return change(call, (tags) => [...tags, tag]);
    }),
    changes(`${prefix}-remove-tag`, (call) => {
      const tag = tagOf(call);
      return change(call, (tags) => tags.filter((other) => other !== tag));
    }),
    changes(`${prefix}-set-all-tags`, (call) => {
      const { meta } = call.body(prefix === 'accounts' ? 'accountTagsSchema' : 'tagsSchema');
      const names = meta?.['tag-name'] ?? meta?.['tag-id'] ?? [];
      return change(call, () => names);
    }),
  ];
}

/** UNDOCUMENTED: ids of tags; here the name is the id. */
function tagOf(call: Call): string {
  const { meta } = call.body('tagSchema');
  const tag = meta?.['tag-name'] ?? meta?.['tag-id'];
  if (tag !== undefined) return tag;
  throw new ApiError(422, {
    title: RECORD_INVALID_TITLE,
    details: 'meta.tag-name is missing: {"meta": {"tag-name": "vip"}}',
    pointer: '/meta/tag-name',
  });
}
