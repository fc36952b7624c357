import type { IdMap } from '../../event/build.ts';
import type { JsonObject } from '../../json/node.ts';
import { referenceTo, relatedId } from './store.ts';
import type { Story } from './story.ts';

const RELATED = ['inquiry-template', 'inquiry-template-version', 'account'];

/**
 * Which object of an inquiry stands for which of the fixtures' story. Worked out when it is needed: ten thousand of these
 * maps would take a tenth of the memory.
 */
export function storyIds(story: Story, inquiry: JsonObject): IdMap {
  const sample = story.subject('inquiry.created');
  const related = RELATED.flatMap((name) => {
    const [from, to] = [sample, inquiry].map((resource) => relatedId(resource, name));
    return from === undefined || to === undefined ? [] : [[from, to] as const];
  });
  return new Map([[referenceTo(sample).id, referenceTo(inquiry).id], ...related]);
}
