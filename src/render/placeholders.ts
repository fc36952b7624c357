import { eventIdRule, idOf, idRule, type IdRule } from '../event/story-ids.ts';
import { moveScalar, type MoveTime } from '../event/move-times.ts';
import { standInFingerprint } from '../payload/versions/index.ts';
import { UsageError } from '../errors.ts';
import { mapScalars, scalar, stringAt, type JsonObject, type JsonScalar } from '../json/node.ts';

/** A place of an event that differs from one event to the next. Each has a fixed number of characters. */
export type Hole = IdHole | FingerprintHole | TimeHole;

export interface IdHole {
  readonly kind: 'id';
  readonly of: 'event' | 'story';
  readonly rule: IdRule;
  /** The fixture's. */
  readonly sampleId: string;
}

/** What old versions say of a session's device, made from its id. */
export interface FingerprintHole {
  readonly kind: 'fingerprint';
  readonly rule: IdRule;
}

/** A time, as a distance from that of the event. */
export interface TimeHole {
  readonly kind: 'time';
  /** The event's time to the millisecond, or the second that it is in: most times move by whole seconds. */
  readonly from: 'moment' | 'second';
  readonly offsetMs: number;
  readonly form: 'seconds' | 'milliseconds' | 'unix';
}

/**
 * Holes of a document on its way through the payload's steps. Those look at keys, types and values; a mark is
 * only in the spelling of a scalar, and so comes out wherever the step has put the scalar.
 */
export class Holes {
  readonly #holes: Hole[] = [];

  /** The characters stand in no JSON text, so that no fixture can have them. */
  mark(hole: Hole): string {
    this.#holes.push(hole);
    return `\u0001${this.#holes.length - 1}\u0001`;
  }

  /** The text between the holes, and the holes in turn, their times later by `shiftMs`. */
  split(text: string, shiftMs: number): (string | Hole)[] {
    return this.#markFingerprints(text)
      .split('\u0001')
      .map((part, index) => (index % 2 === 0 ? part : shifted(this.#holes[Number(part)] as Hole, shiftMs)));
  }

  /** A digest keeps no mark, but that of a fixture's id can be known again. */
  #markFingerprints(text: string): string {
    const ids = this.#holes.filter((hole) => hole.kind === 'id' && hole.of === 'story') as IdHole[];
    const rules = new Map(ids.map(({ sampleId, rule }) => [standInFingerprint(sampleId), rule]));
    return text.replaceAll(/(?<=")[0-9a-f]{32}(?=")/g, (digest) => {
      const rule = rules.get(digest);
      return rule === undefined ? digest : this.mark({ kind: 'fingerprint', rule });
    });
  }
}

function shifted(hole: Hole, shiftMs: number): Hole {
  return hole.kind === 'time' ? { ...hole, offsetMs: hole.offsetMs + shiftMs } : hole;
}

const HOLE_LENGTHS = { seconds: 19, milliseconds: 23, unix: 10 } as const;

export function lengthOf(hole: Hole): number {
  switch (hole.kind) {
    case 'id':
      return hole.rule.length;
    case 'fingerprint':
      return 32;
    case 'time':
      return HOLE_LENGTHS[hole.form];
  }
}

/** Names the objects of the configuration, and marks the other ids. The event's is that of the document. */
export function markIds(document: JsonObject, seed: number, holes: Holes): JsonObject {
  const eventId = stringAt(document, 'data', 'id');
  return mapScalars(document, (leaf) => {
    if (typeof leaf.value !== 'string') return leaf;
    if (leaf.value === eventId)
      return markedId(leaf, { of: 'event', rule: eventIdRule(seed), sampleId: eventId }, holes);
    const rule = idRule(seed, leaf.value);
    if (rule === undefined) return leaf;
    return rule.isConfiguration
      ? scalar(idOf(rule, 0))
      : markedId(leaf, { of: 'story', rule, sampleId: leaf.value }, holes);
  }) as JsonObject;
}

function markedId(leaf: JsonScalar, hole: Omit<IdHole, 'kind'>, holes: Holes): JsonScalar {
  return { ...leaf, text: `"${hole.rule.prefix}_${holes.mark({ kind: 'id', ...hole })}"` };
}

/** Marks the times of an event that moves by whole seconds, as `buildEvent` moves it. */
export function markTimes(document: JsonObject, storyMs: number, holes: Holes): JsonObject {
  const storySecondMs = Math.floor(storyMs / 1000) * 1000;
  return mapScalars(document, (leaf, key) => {
    // Moved by nothing, a time has the fraction that it will have.
    const moved = moveScalar(leaf, key, (ms) => ms);
    if (moved === leaf) return leaf;
    const leafMs = typeof leaf.value === 'number' ? leaf.value * 1000 : Date.parse(String(leaf.value));
    const offsetMs = Math.floor((leafMs - storySecondMs) / 1000) * 1000;
    const form = typeof leaf.value === 'number' ? 'unix' : 'seconds';
    return markedTime(leaf, { from: 'second', offsetMs, form, moved }, holes);
  }) as JsonObject;
}

/** Marks a time that lies where `move` puts it, in milliseconds from the event's. The form of `moveScalar`. */
export function exactTimeMarker(holes: Holes): typeof moveScalar {
  return (leaf: JsonScalar, key: string | undefined, move: MoveTime) => {
    let offsetMs = 0;
    const moved = moveScalar(leaf, key, (ms) => {
      offsetMs = move(ms);
      // What is written does not matter, only how: with the fraction it had, or with milliseconds.
      return ms;
    });
    if (moved === leaf) return leaf;
    if (typeof leaf.value === 'number')
      return markedTime(leaf, { from: 'moment', offsetMs, form: 'unix', moved }, holes);
    const fraction = /(\.\d+)?Z$/.exec(String(leaf.value))?.[1] ?? '';
    const isWhole = Number(fraction) === 0;
    if (!isWhole && fraction.length > 4) throw tooFine(String(leaf.value));
    const form = isWhole ? 'seconds' : 'milliseconds';
    return markedTime(leaf, { from: 'moment', offsetMs, form, moved }, holes);
  };
}

function markedTime(
  leaf: JsonScalar,
  { moved, ...hole }: Omit<TimeHole, 'kind'> & { moved: JsonScalar },
  holes: Holes,
): JsonScalar {
  const mark = holes.mark({ kind: 'time', ...hole });
  const rest = hole.form === 'unix' ? '' : String(moved.value).slice(HOLE_LENGTHS[hole.form]);
  return { ...leaf, text: hole.form === 'unix' ? mark : `"${mark}${rest}"` };
}

function tooFine(time: string): UsageError {
  return new UsageError(
    `${time}: a time finer than milliseconds has no fixed length in a scenario; write ${time.slice(0, 23)}Z`,
  );
}
