import { UsageError } from '../errors.ts';
import type { Fixture } from '../fixture/load.ts';
import {
  changeAt,
  mapScalars,
  scalar,
  stringAt,
  withMember,
  type JsonObject,
  type JsonScalar,
} from '../json/node.ts';
import { newId, prefixOfId } from '../persona/ids.ts';
import type { Random } from '../ports.ts';
import { applyOverrides, setReferenceId, type Override } from './overrides.ts';

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
function isIdFor({ document }: Fixture, id: string): boolean {
  return isEventId(id) || prefixOf(id) === prefixOf(objectIdOf(document));
}

function prefixOf(id: string): string {
  return id.slice(0, id.indexOf('_') + 1);
}

function isEventId(id: string): boolean {
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
  const createdAt = scalar(new Date(atMs).toISOString());
  return changeAt(moved, ['data', 'attributes'], (attributes) =>
    withMember(attributes, 'created-at', createdAt),
  );
}

/** When the event happened in the sample story, milliseconds since 1970. */
export function storyTimeMs(document: JsonObject): number {
  return Date.parse(stringAt(document, 'data', 'attributes', 'created-at') ?? '');
}

/** By whole seconds, so that milliseconds keep their spelling. */
function moveBySeconds(seconds: number): MoveTime {
  return (storyMs) => storyMs + seconds * 1000;
}

function secondsBetween(fromMs: number, toMs: number): number {
  return Math.floor(toMs / 1000) - Math.floor(fromMs / 1000);
}

/**
 * Builds events that belong together: they are about the same objects, and their time line is one. The latest
 * of them happens at `atMs`, the others as much earlier as their fixtures say, in whatever order they are sent.
 */
export function buildRun(fixtures: readonly Fixture[], options: BuildOptions): Event[] {
  const ids: IdMap = options.ids ?? new Map<string, string>();
  const lastMs = Math.max(...fixtures.map(({ document }) => storyTimeMs(document)));
  const moveTime = moveBySeconds(secondsBetween(lastMs, options.atMs));
  checkId(options.id, fixtures);
  return fixtures.map((fixture) => {
    const storyMs = storyTimeMs(fixture.document);
    const atMs = storyMs === lastMs ? options.atMs : Math.min(options.atMs, moveTime(storyMs));
    const id = options.id !== undefined && isIdFor(fixture, options.id) ? options.id : undefined;
    return buildEvent(fixture, { ...options, id, ids, atMs, moveTime });
  });
}

/** @throws {UsageError} for an id of an event where there are several, or of an object that none is about */
function checkId(id: string | undefined, fixtures: readonly Fixture[]): void {
  if (id === undefined) return;
  if (isEventId(id) && fixtures.length > 1)
    throw new UsageError(`\`id\` ${id}: an event's id is unique, and these are ${fixtures.length} events`);
  if (fixtures.some((fixture) => isIdFor(fixture, id))) return;
  const names = fixtures.map(({ name }) => name).join(', ');
  throw new UsageError(`\`id\` ${id}: not the kind of object that ${names} is about`);
}

/** Which id stands for which id of the fixture; shared between events that belong together. */
export type IdMap = Map<string, string>;

/**
 * Replaces a string that `ids` has an entry for, wherever it stands.
 * @param random - when given, an id that `ids` does not know yet gets a fresh one of the same kind, for good
 */
export function renameId(leaf: JsonScalar, ids: IdMap, random?: Random): JsonScalar {
  if (typeof leaf.value !== 'string') return leaf;
  const name = ids.get(leaf.value) ?? freshId(leaf.value, ids, random);
  return name === undefined ? leaf : scalar(name);
}

function freshId(id: string, ids: IdMap, random: Random | undefined): string | undefined {
  const prefix = random === undefined ? undefined : prefixOfId(id);
  if (random === undefined || prefix === undefined) return undefined;
  const name = newId(prefix, random);
  ids.set(id, name);
  return name;
}

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

/** Where a time of the sample story lies on an event's time line; both in milliseconds since 1970. */
export type MoveTime = (storyMs: number) => number;

/**
 * Moves a scalar, if it is a time: an ISO time, or unix seconds as they stand beside one (`created-at-ts`). Dates such
 * as a birthdate stay. A time in whole seconds stays one, rounded down, so that nothing comes to lie after what it
 * caused.
 * @param key - of the member that it stands in
 */
export function moveScalar(leaf: JsonScalar, key: string | undefined, move: MoveTime): JsonScalar {
  const { value } = leaf;
  if (typeof value === 'number' && key?.endsWith('-at-ts') === true)
    return scalar(Math.floor(move(value * 1000) / 1000));
  if (typeof value !== 'string') return leaf;
  const match = TIME.exec(value);
  if (match === null) return leaf;
  const fraction = match[1] ?? '';
  const moved = new Date(move(Date.parse(value))).toISOString();
  const movedFraction = moved.slice(19, 23);
  const isKept = Number(fraction) === 0 || fraction.startsWith(movedFraction);
  return scalar(`${moved.slice(0, 19)}${isKept ? fraction : movedFraction}Z`);
}

/** What happened, ready to become a payload: everything is there, in the newest API version. */
export interface Event {
  readonly id: string;
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly createdAtMs: number;
  /** The whole event: `{"data": {"type": "event", …}}`. */
  readonly document: JsonObject;
}
