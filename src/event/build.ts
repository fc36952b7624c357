import { UsageError } from '../errors.ts';
import type { Fixture } from '../fixture/fixture.ts';
import { at, mapScalars, scalar, stringAt, withMember, type JsonObject } from '../json/node.ts';
import { newId } from '../persona/ids.ts';
import type { Random } from '../ports.ts';
import type { Event } from './event.ts';
import { applyOverrides, setReferenceId, type Override } from './overrides.ts';
import { renameId, type IdMap } from './rename-ids.ts';
import { moveScalar, type MoveTime } from './move-times.ts';

export interface BuildOptions {
  /** The event's created-at, milliseconds since 1970. */
  readonly atMs: number;
  /** Where the other times of the story lie. @default all move by the same seconds, so that they end at `atMs` */
  readonly moveTime?: MoveTime | undefined;
  readonly random: Random;
  /** Keep the fixture's own ids and times. @default false */
  readonly keep?: boolean | undefined;
  /** The id of the object that the event is about; an `evt_…` id names the event itself. */
  readonly id?: string | undefined;
  /** Sets `reference-id` of the object and of the account that comes with it. */
  readonly referenceId?: string | undefined;
  /** Applied last, in their order. */
  readonly overrides?: readonly Override[] | undefined;
  /** Shared by events that belong together, so that the same object keeps its id. */
  readonly ids?: IdMap | undefined;
}

/**
 * Builds an event from a fixture: fresh ids, a time line that ends at `atMs`, then the user's overrides.
 * The same fixture, options and state of `random` give the same event to the byte.
 * @throws {UsageError} for an override whose path matches nothing
 */
export function buildEvent(fixture: Fixture, options: BuildOptions): Event {
  const ids = namesFor(fixture, options);
  const timed = options.keep === true ? named(fixture, ids) : renewed(fixture, ids, options);
  const referenced = options.referenceId === undefined ? timed : setReferenceId(timed, options.referenceId);
  const document = applyOverrides(referenced, options.overrides ?? []);
  return {
    id: stringAt(document, 'data', 'id') ?? '',
    name: fixture.name,
    createdAtMs: storyTimeMs(document),
    document,
  };
}

function namesFor({ document }: Fixture, options: BuildOptions): IdMap {
  const ids: IdMap = options.ids ?? new Map<string, string>();
  const eventId = stringAt(document, 'data', 'id') ?? '';
  // An event's own id is not shared with the next event that is built from the same fixture.
  if (options.keep !== true) ids.set(eventId, newId('evt', options.random));
  const chosen = options.id;
  if (chosen !== undefined) {
    const objectId = objectIdOf(document);
    checkKind(chosen, objectId);
    ids.set(isEventId(chosen) ? eventId : objectId, chosen);
  }
  return ids;
}

function objectIdOf(document: JsonObject): string {
  return stringAt(document, 'data', 'attributes', 'payload', 'data', 'id') ?? '';
}

/** @throws {UsageError} for the id of an inquiry where the event is about an account */
function checkKind(chosen: string, objectId: string): void {
  if (isEventId(chosen) || prefixOf(chosen) === prefixOf(objectId)) return;
  throw new UsageError(
    `\`id\` ${chosen}: this event is about an object with an id like ${prefixOf(objectId)}…`,
  );
}

/** Can this id be given to the object, or to the event, of the fixture? @throws {UsageError} for no id at all */
export function isIdFor({ document }: Fixture, id: string): boolean {
  return isEventId(id) || prefixOf(id) === prefixOf(objectIdOf(document));
}

function prefixOf(id: string): string {
  return id.slice(0, id.indexOf('_') + 1);
}

export function isEventId(id: string): boolean {
  if (!/^[a-z]+_[0-9A-Za-z]+$/.test(id)) {
    throw new UsageError(`\`id\` ${id}: expected an id like inq_… (the object's) or evt_… (the event's)`);
  }
  return id.startsWith('evt_');
}

function named({ document }: Fixture, ids: IdMap): JsonObject {
  return mapScalars(document, (leaf) => renameId(leaf, ids)) as JsonObject;
}

/** Ids and times in one walk: a command that sends once waits for each. The event's own time is set in milliseconds. */
function renewed({ document }: Fixture, ids: IdMap, { atMs, random, moveTime }: BuildOptions): JsonObject {
  const move = moveTime ?? moveBySeconds(secondsBetween(storyTimeMs(document), atMs));
  const moved = mapScalars(document, (leaf, key) => {
    const renamed = renameId(leaf, ids, random);
    return renamed === leaf ? moveScalar(leaf, key, move) : renamed;
  }) as JsonObject;
  const data = at(moved, 'data') as JsonObject;
  const createdAt = scalar(new Date(atMs).toISOString());
  const attributes = withMember(at(data, 'attributes') as JsonObject, 'created-at', createdAt);
  return withMember(moved, 'data', withMember(data, 'attributes', attributes));
}

/** When the event happened in the sample story, milliseconds since 1970. */
export function storyTimeMs(document: JsonObject): number {
  return Date.parse(stringAt(document, 'data', 'attributes', 'created-at') ?? '');
}

/** By whole seconds, so that milliseconds keep their spelling. */
export function moveBySeconds(seconds: number): MoveTime {
  return (storyMs) => storyMs + seconds * 1000;
}

export function secondsBetween(fromMs: number, toMs: number): number {
  return Math.floor(toMs / 1000) - Math.floor(fromMs / 1000);
}
