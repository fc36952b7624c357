import type { SimulatedClock } from '../../delivery/time-scale.ts';
import { renameId, moveScalar, type IdMap } from '../../event/build.ts';
import { array, mapScalars, type JsonObject, type JsonScalar, type JsonValue } from '../../json/node.ts';
import { isConfigurationPrefix, newId, prefixOfId } from '../../persona/ids.ts';
import type { Random } from '../../ports.ts';
import type { Webhooks } from '../ports.ts';
import type { Settings } from '../settings.ts';
import type { TaskScheduler } from './task-scheduler.ts';
import { eventOf, type EventLog } from './event-log.ts';
import type { Store } from './store.ts';
import type { Story } from './story.ts';

/** What the sandbox knows of an inquiry beside its document. */
export interface InquiryRecord {
  readonly id: string;
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

/** One environment of an organization at Persona: all resources, and what changes them. */
export interface Environment {
  readonly story: Story;
  readonly settings: Settings;
  readonly clock: SimulatedClock;
  readonly random: Random;
  readonly webhooks: Webhooks;
  readonly scheduler: TaskScheduler;
  store: Store;
  events: EventLog;
  inquiries: Map<string, InquiryRecord>;
  /** Accounts that were consolidated, each with the one that carries on. */
  consolidatedInto: Map<string, string>;
  /** While it is filled from the seed: what the seed holds sends nothing. */
  isFilling: boolean;
}

/** Whole milliseconds since 1970, on the simulated clock. */
export function nowMs({ clock }: Environment): number {
  return Math.floor(clock.now());
}

/** `2026-01-31T12:00:00.000Z`: Persona prints times of resources in whole seconds. */
export function isoSeconds(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}.000Z`;
}

/** A resource of the story as one of the sandbox: its own ids, and everything happens now. */
export function instantiate(environment: Environment, sample: JsonObject, ids: IdMap): JsonObject {
  const atMs = nowMs(environment);
  return mapScalars(sample, (leaf, key) => {
    const named = renameId(leaf, ids, isConfiguration(leaf.value) ? undefined : environment.random);
    if (named !== leaf) return named;
    const moved = moveScalar(leaf, key, () => atMs);
    return moved === leaf ? leaf : shared(moved);
  }) as JsonObject;
}

let lastMoved: JsonScalar | undefined;

/** The same time is mostly needed several times in a row: it is kept once. */
function shared(scalar: JsonScalar): JsonScalar {
  if (lastMoved?.text !== scalar.text) lastMoved = scalar;
  return lastMoved;
}

function isConfiguration(value: unknown): boolean {
  const prefix = typeof value === 'string' ? prefixOfId(value) : undefined;
  return prefix !== undefined && isConfigurationPrefix(prefix);
}

/** Keeps the resource as it is now, and sends an event about it, with what it is related to. */
export function emit(
  environment: Environment,
  name: string,
  { resource, context }: { resource: JsonObject; context?: JsonValue },
): JsonObject {
  environment.store.put(resource);
  const happening = {
    id: newId('evt', environment.random),
    name,
    createdAtMs: nowMs(environment),
    resource,
    context,
  };
  environment.events.add(happening);
  if (!environment.isFilling)
    environment.webhooks.publish(eventOf(happening, array(environment.store.relatedTo(resource))));
  return resource;
}
