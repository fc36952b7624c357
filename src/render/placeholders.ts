import { eventIdRule, idOf, idRule, type IdRule } from '../event/story-ids.ts';
import { renameId, moveScalar, type IdMap, type MoveTime } from '../event/build.ts';
import { standInFingerprint } from '../payload/versions/index.ts';
import { UsageError } from '../errors.ts';
import { mapScalars, scalar, stringAt, type JsonObject, type JsonScalar } from '../json/node.ts';

/** A place of an event that differs from one event to the next. Each has a fixed number of characters. */
export type Placeholder = IdPlaceholder | FingerprintPlaceholder | TimePlaceholder;

export interface IdPlaceholder {
  readonly kind: 'id';
  readonly of: 'event' | 'story';
  readonly rule: IdRule;
  /** The fixture's. */
  readonly sampleId: string;
}

/** What old versions say of a session's device, made from its id. */
export interface FingerprintPlaceholder {
  readonly kind: 'fingerprint';
  readonly rule: IdRule;
}

/** A time, as a distance from that of the event. */
export interface TimePlaceholder {
  readonly kind: 'time';
  /** The event's time to the millisecond, or the second that it is in: most times move by whole seconds. */
  readonly from: 'moment' | 'second';
  readonly offsetMs: number;
  readonly form: 'seconds' | 'milliseconds' | 'unix';
}

/**
 * Placeholders of a document on its way through the payload's steps. Those look at keys, types and values; a mark is
 * only in the spelling of a scalar, and so comes out wherever the step has put the scalar.
 */
export class Placeholders {
  readonly #placeholders: Placeholder[] = [];

  /** The characters stand in no JSON text, so that no fixture can have them. */
  mark(placeholder: Placeholder): string {
    this.#placeholders.push(placeholder);
    return `\u0001${this.#placeholders.length - 1}\u0001`;
  }

  /** The text between the placeholders, and the placeholders in turn, their times later by `shiftMs`. */
  split(text: string, shiftMs: number): (string | Placeholder)[] {
    return this.#markFingerprints(text)
      .split('\u0001')
      .map((part, index) =>
        index % 2 === 0 ? part : shifted(this.#placeholders[Number(part)] as Placeholder, shiftMs),
      );
  }

  /** A digest keeps no mark, but that of a fixture's id can be known again. */
  #markFingerprints(text: string): string {
    const ids = this.#placeholders.filter(
      (placeholder) => placeholder.kind === 'id' && placeholder.of === 'story',
    ) as IdPlaceholder[];
    const rules = new Map(ids.map(({ sampleId, rule }) => [standInFingerprint(sampleId), rule]));
    return text.replaceAll(/(?<=")[0-9a-f]{32}(?=")/g, (digest) => {
      const rule = rules.get(digest);
      return rule === undefined ? digest : this.mark({ kind: 'fingerprint', rule });
    });
  }
}

function shifted(placeholder: Placeholder, shiftMs: number): Placeholder {
  return placeholder.kind === 'time'
    ? { ...placeholder, offsetMs: placeholder.offsetMs + shiftMs }
    : placeholder;
}

const HOLE_LENGTHS = { seconds: 19, milliseconds: 23, unix: 10 } as const;

export function lengthOf(placeholder: Placeholder): number {
  switch (placeholder.kind) {
    case 'id':
      return placeholder.rule.length;
    case 'fingerprint':
      return 32;
    case 'time':
      return HOLE_LENGTHS[placeholder.form];
  }
}

/** Names the objects of the configuration, and marks the other ids. The event's is that of the document. */
export function markIds(document: JsonObject, seed: number, placeholders: Placeholders): JsonObject {
  const eventId = stringAt(document, 'data', 'id');
  return mapScalars(document, (leaf) => {
    if (typeof leaf.value !== 'string') return leaf;
    if (leaf.value === eventId)
      return markedId(leaf, { of: 'event', rule: eventIdRule(seed), sampleId: eventId }, placeholders);
    const rule = idRule(seed, leaf.value);
    if (rule === undefined) return leaf;
    return rule.isConfiguration
      ? scalar(idOf(rule, 0))
      : markedId(leaf, { of: 'story', rule, sampleId: leaf.value }, placeholders);
  }) as JsonObject;
}

/** Gives the objects the names that they have in `ids`, and marks the event's id alone. */
export function nameObjects(document: JsonObject, ids: IdMap, placeholders: Placeholders): JsonObject {
  const eventId = stringAt(document, 'data', 'id');
  return mapScalars(document, (leaf) =>
    leaf.value === eventId
      ? markedId(leaf, { of: 'event', rule: eventIdRule(0), sampleId: eventId }, placeholders)
      : renameId(leaf, ids),
  ) as JsonObject;
}

function markedId(
  leaf: JsonScalar,
  placeholder: Omit<IdPlaceholder, 'kind'>,
  placeholders: Placeholders,
): JsonScalar {
  return {
    ...leaf,
    text: `"${placeholder.rule.prefix}_${placeholders.mark({ kind: 'id', ...placeholder })}"`,
  };
}

/** Marks the times of an event that moves by whole seconds, as `buildEvent` moves it. */
export function markTimes(document: JsonObject, storyMs: number, placeholders: Placeholders): JsonObject {
  const storySecondMs = Math.floor(storyMs / 1000) * 1000;
  return mapScalars(document, (leaf, key) => {
    // Moved by nothing, a time has the fraction that it will have.
    const moved = moveScalar(leaf, key, (ms) => ms);
    if (moved === leaf) return leaf;
    const leafMs = typeof leaf.value === 'number' ? leaf.value * 1000 : Date.parse(String(leaf.value));
    const offsetMs = Math.floor((leafMs - storySecondMs) / 1000) * 1000;
    const form = typeof leaf.value === 'number' ? 'unix' : 'seconds';
    return markedTime(leaf, { from: 'second', offsetMs, form, moved }, placeholders);
  }) as JsonObject;
}

/** Marks a time that lies where `move` puts it, in milliseconds from the event's. The form of `moveScalar`. */
export function exactTimeMarker(placeholders: Placeholders): typeof moveScalar {
  return (leaf: JsonScalar, key: string | undefined, move: MoveTime) => {
    let offsetMs = 0;
    const moved = moveScalar(leaf, key, (ms) => {
      offsetMs = move(ms);
      // What is written does not matter, only how: with the fraction it had, or with milliseconds.
      return ms;
    });
    if (moved === leaf) return leaf;
    if (typeof leaf.value === 'number')
      return markedTime(leaf, { from: 'moment', offsetMs, form: 'unix', moved }, placeholders);
    const fraction = /(\.\d+)?Z$/.exec(String(leaf.value))?.[1] ?? '';
    const isWhole = Number(fraction) === 0;
    if (!isWhole && fraction.length > 4) throw tooFine(String(leaf.value));
    const form = isWhole ? 'seconds' : 'milliseconds';
    return markedTime(leaf, { from: 'moment', offsetMs, form, moved }, placeholders);
  };
}

function markedTime(
  leaf: JsonScalar,
  { moved, ...placeholder }: Omit<TimePlaceholder, 'kind'> & { moved: JsonScalar },
  placeholders: Placeholders,
): JsonScalar {
  const mark = placeholders.mark({ kind: 'time', ...placeholder });
  const rest = placeholder.form === 'unix' ? '' : String(moved.value).slice(HOLE_LENGTHS[placeholder.form]);
  return { ...leaf, text: placeholder.form === 'unix' ? mark : `"${mark}${rest}"` };
}

function tooFine(time: string): UsageError {
  return new UsageError(
    `${time}: a time finer than milliseconds has no fixed length in a scenario; write ${time.slice(0, 23)}Z`,
  );
}
