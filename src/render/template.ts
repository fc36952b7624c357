import { UsageError } from '../errors.ts';
import { storyTimeMs, type IdMap } from '../event/build.ts';
import { eventIdRule } from '../event/story-ids.ts';
import type { Fixture } from '../fixture/load.ts';
import { at, mapScalars, scalar, withMember, stringAt, type JsonObject } from '../json/node.ts';
import { composePayload, type Payload } from '../payload/compose.ts';
import { tokenKey } from '../payload/file-token.ts';
import { SAMPLE_ACCESS_TOKEN } from '../persona/contract.ts';
import type { Webhook } from '../webhook/configure.ts';
import { describeVerdict, type WebhookVerdict } from '../webhook/verdict.ts';
import { bodyTemplateOf, type BodyTemplate } from './body-template.ts';
import { refusePerEventFilter } from './per-event-filter.ts';
import { Placeholders, markIds, markTimes, nameObjects, type Placeholder } from './placeholders.ts';
import { TemplateRenderer, type TemplateEvent } from './renderer.ts';

export interface TemplateOptions {
  readonly webhook: Pick<Webhook, 'payload' | 'verdict'>;
  /** Of the ids: a whole number. */
  readonly seed: number;
}

/** All events of one name to one webhook: what they have in common is worked out, the rest is written in. */
export class EventTemplate {
  readonly name: string;
  /** The same for all of them. */
  readonly verdict: WebhookVerdict;
  readonly #form: TemplateEvent;

  constructor(form: TemplateEvent, verdict: WebhookVerdict) {
    this.name = form.eventName;
    this.verdict = verdict;
    this.#form = form;
  }

  createRenderer(): TemplateRenderer {
    return new TemplateRenderer(this.#form);
  }
}

/** Of what is to be sent, what the webhook wants. @throws {UsageError} when nothing is left */
export function wantedOf<T>(items: readonly T[], verdictOf: (item: T) => WebhookVerdict): T[] {
  const wanted = items.filter((item) => verdictOf(item).kind === 'deliver');
  if (wanted.length > 0) return wanted;
  const reasons = new Set(items.flatMap((item) => describeVerdict(verdictOf(item)) ?? []));
  throw new UsageError(`nothing to send: ${[...reasons].join('; ')}`);
}

/**
 * Prepares events that are built from a fixture. Rendered, they are to the byte what `buildEvent` (with
 * `storyIds` and `numberedEventId`) and `composePayload` make.
 * @throws {UsageError} for a payload-filter that looks at what differs
 */
export function compileTemplate(fixture: Fixture, options: TemplateOptions): EventTemplate {
  const placeholders = new Placeholders();
  const document = markTimes(fixture.document, storyTimeMs(fixture.document), placeholders);
  return compileMarked({ name: fixture.name, document, placeholders }, options);
}

/** A document whose times are marked. */
export interface MarkedFixture extends Fixture {
  readonly placeholders: Placeholders;
  /** The moment that the marked times are counted from, in milliseconds from the event's own. @default 0 */
  readonly countedFromMs?: number;
}

/** An event that never happens: its file tokens show where those of the others go. */
const PROBE = { id: 'evt_probe', createdAtMs: 1_700_000_000_000 };

export function compileMarked(
  { document, ...fixture }: MarkedFixture,
  { webhook, seed }: TemplateOptions,
): EventTemplate {
  const { name, placeholders } = fixture;
  const named = { ...fixture, document: markIds(document, seed, placeholders) };
  const { payload, blank } = composeMarked(named, webhook);
  const form = { eventName: name, eventIdKey: eventIdRule(seed).key, blank, rule: webhook.payload.tokens };
  return new EventTemplate(form, webhook.verdict(name, payload));
}

/** What the webhook makes of an event whose ids are marked or named, and a blank of its body. */
function composeMarked(
  { name, document, placeholders, countedFromMs = 0 }: MarkedFixture,
  webhook: Pick<Webhook, 'payload'>,
): { readonly payload: Payload; readonly blank: BodyTemplate } {
  refusePerEventFilter(webhook.payload.filter);
  const named = markCreation(document, placeholders.mark(creation(-countedFromMs)));
  const event = { ...PROBE, name, document: named };
  const payload: Payload = composePayload(event, webhook.payload);
  const rule = webhook.payload.tokens;
  const blank = bodyTemplateOf(placeholders.split(payload.body.toString('utf8'), countedFromMs), {
    key: tokenKey(PROBE.id),
    issuedAt: PROBE.createdAtMs / 1000,
    tokenCount: countTokens(event.document),
    rule,
  });
  return { payload, blank };
}

/** The event's own time is exact to the millisecond, whatever its fixture has. */
function creation(offsetMs: number): Placeholder {
  return { kind: 'time', from: 'moment', offsetMs, form: 'milliseconds' };
}

function markCreation(document: JsonObject, mark: string): JsonObject {
  const data = at(document, 'data') as JsonObject;
  const createdAt = { ...scalar(new Date(0).toISOString()), text: `"${mark}Z"` };
  const attributes = withMember(at(data, 'attributes') as JsonObject, 'created-at', createdAt);
  return withMember(document, 'data', withMember(data, 'attributes', attributes));
}

/** At least as many as the event gets. */
function countTokens(document: JsonObject): number {
  let count = 0;
  mapScalars(document, (leaf) => {
    if (String(leaf.value).includes(SAMPLE_ACCESS_TOKEN)) count += 1;
    return leaf;
  });
  return count;
}

/** What all events of a template have in common. */
type CommonPayload = Omit<Payload, 'body' | 'document'>;

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
