import { storyTimeMs } from '../event/build.ts';
import type { IdMap } from '../event/rename-ids.ts';
import { eventIdRule } from '../event/story-ids.ts';
import type { Fixture } from '../fixture/fixture.ts';
import { mapScalars, stringAt } from '../json/node.ts';
import type { Payload } from '../payload/compose.ts';
import type { Webhook } from '../webhook/configure.ts';
import { markTimes, nameObjects, Placeholders } from './placeholders.ts';
import { TemplateRenderer } from './renderer.ts';
import { composeMarked } from './template.ts';

/** What all events of a template have in common. */
export type CommonPayload = Omit<Payload, 'body' | 'document'>;

/** Events of one name to one webhook, all about the same objects: their own id and their times differ. */
export class NamedTemplate {
  readonly payload: CommonPayload;
  readonly #renderer: TemplateRenderer;
  readonly #names: IdMap;

  constructor(renderer: TemplateRenderer, payload: CommonPayload, names: IdMap) {
    this.#renderer = renderer;
    this.payload = payload;
    this.#names = names;
  }

  /** Do the objects still have these names, and can an event at this time be rendered? */
  fits(ids: IdMap, atMs: number): boolean {
    for (const [sampleId, name] of this.#names) if (ids.get(sampleId) !== name) return false;
    return this.#renderer.covers(atMs);
  }

  /** @param eventId - `evt_` and 24 characters. @param atMs - milliseconds since 1970 */
  render(eventId: string, atMs: number): Buffer {
    const { body } = this.#renderer.renderNamed(eventId, atMs);
    // `Buffer.from` would fill the memory with zeros before.
    const copy = Buffer.allocUnsafeSlow(body.length);
    body.copy(copy);
    return copy;
  }
}

/**
 * Prepares events that are built from a fixture whose objects all have their names in `ids`. Rendered, they are to the
 * byte what `buildEvent` and `composePayload` make.
 * @throws {UsageError} for a payload-filter that looks at what differs
 */
export function compileNamed(fixture: Fixture, ids: IdMap, webhook: Webhook): NamedTemplate {
  const placeholders = new Placeholders();
  const { name, document } = fixture;
  const timed = markTimes(document, storyTimeMs(document), placeholders);
  const marked = { name, document: nameObjects(timed, ids, placeholders), placeholders };
  const { payload, blank } = composeMarked(marked, webhook);
  const { removed, unmatched, filterMismatch } = payload;
  const form = { eventName: name, eventIdKey: eventIdRule(0).key, blank, rule: webhook.payload.tokens };
  const names = namesOf(fixture, ids);
  return new NamedTemplate(new TemplateRenderer(form), { removed, unmatched, filterMismatch }, names);
}

/** Of its objects; the event itself has another id each time. */
function namesOf({ document }: Fixture, ids: IdMap): IdMap {
  const names: IdMap = new Map();
  mapScalars(document, (leaf) => {
    const name = typeof leaf.value === 'string' ? ids.get(leaf.value) : undefined;
    if (name !== undefined) names.set(String(leaf.value), name);
    return leaf;
  });
  names.delete(stringAt(document, 'data', 'id') ?? '');
  return names;
}
