import type { SimulatedClock } from '../../delivery/simulated-clock.ts';
import type { Event } from '../../event/event.ts';
import { renameId, type IdMap } from '../../event/rename-ids.ts';
import { moveScalar } from '../../event/move-times.ts';
import {
  array,
  fromValue,
  mapScalars,
  object,
  type JsonNode,
  type JsonObject,
  type JsonValue,
} from '../../json/node.ts';
import { isConfigurationPrefix, newId, prefixOfId } from '../../persona/ids.ts';
import type { Random } from '../../ports.ts';
import type { Webhooks } from '../ports.ts';
import type { Settings } from '../settings.ts';
import type { Agenda } from './agenda.ts';
import type { EventLog } from './event-log.ts';
import type { Store } from './store.ts';
import type { Story } from './story.ts';

/** What the sandbox knows of an inquiry beside its document. */
export interface InquiryRecord {
  readonly id: string;
  /** Which of its objects stands for which of the fixtures' story. */
  readonly ids: IdMap;
  redirectUri: string | undefined;
  /** Ends the inquiry, in milliseconds since 1970; undefined when nothing does. */
  expiresAtMs: number | undefined;
  readonly lifetime: Lifetime;
  links: Link[];
}

export interface Lifetime {
  readonly afterCreateSeconds: number;
  readonly afterStartSeconds: number | undefined;
  readonly afterResumeSeconds: number | undefined;
}

/** A one-time link. It is returned again until it was used or has expired. */
export interface Link {
  readonly code: string;
  readonly sessionId: string;
  readonly expiresAtMs: number;
  isUsed: boolean;
}

/** All that the sandbox holds. */
export interface World {
  readonly story: Story;
  readonly settings: Settings;
  readonly clock: SimulatedClock;
  readonly random: Random;
  readonly webhooks: Webhooks;
  readonly agenda: Agenda;
  store: Store;
  events: EventLog;
  inquiries: Map<string, InquiryRecord>;
  /** While it is filled from the seed: what the seed holds sends nothing. */
  isFilling: boolean;
}

/** Whole milliseconds since 1970, on the simulated clock. */
export function nowMs({ clock }: World): number {
  return Math.floor(clock.now());
}

/** `2026-01-31T12:00:00.000Z`: Persona prints times of resources in whole seconds. */
export function isoSeconds(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}.000Z`;
}

/** A resource of the story as one of the sandbox: its own ids, and everything happens now. */
export function instantiate(world: World, sample: JsonObject, ids: IdMap): JsonObject {
  const atMs = nowMs(world);
  return mapScalars(sample, (leaf, key) => {
    const named = renameId(leaf, ids, isConfiguration(leaf.value) ? undefined : world.random);
    return named === leaf ? moveScalar(leaf, key, () => atMs) : named;
  }) as JsonObject;
}

function isConfiguration(value: unknown): boolean {
  const prefix = typeof value === 'string' ? prefixOfId(value) : undefined;
  return prefix !== undefined && isConfigurationPrefix(prefix);
}

/** Sends an event about the resource as it is now, with what it is related to. */
export function emit(
  world: World,
  name: string,
  { resource, context }: { resource: JsonObject; context?: JsonValue },
): Event {
  const id = newId('evt', world.random);
  const createdAtMs = nowMs(world);
  const payload = object([
    { key: 'data', value: resource },
    { key: 'included', value: array(world.store.relatedTo(resource)) },
  ]);
  const attributes: readonly (readonly [string, JsonNode])[] = [
    ['name', fromValue(name)],
    ['payload', payload],
    ...(context === undefined ? [] : [['context', fromValue(context)] as const]),
    ['created-at', fromValue(new Date(createdAtMs).toISOString())],
  ];
  const document = object([
    {
      key: 'data',
      value: object([
        { key: 'type', value: fromValue('event') },
        { key: 'id', value: fromValue(id) },
        { key: 'attributes', value: object(attributes.map(([key, value]) => ({ key, value }))) },
      ]),
    },
  ]);
  const event = { id, name, createdAtMs, document };
  world.events.add(event);
  if (!world.isFilling) world.webhooks.publish(event);
  return event;
}
