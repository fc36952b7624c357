import { seededRandom } from '../event/seeded-random.ts';
import { stringAt, type JsonObject } from '../json/node.ts';
import type { Random } from '../ports.ts';
import type { Fault } from './faults.ts';
import type { Schemas } from './http/call.ts';
import { Idempotency } from './http/idempotency.ts';
import { RateLimit } from './http/rate-limit.ts';
import { Hints, type SandboxLog } from './log.ts';
import { nowMs, type World } from './state/world.ts';

/** What the HTTP side of a sandbox holds, beside the world that it shows. */
export class SandboxState {
  readonly world: World;
  readonly log: SandboxLog;
  readonly hints: Hints;
  readonly idempotency = new Idempotency();
  readonly rateLimit = new RateLimit();
  /** Of ids of requests: what is read in between does not change which ids resources get. */
  readonly requestRandom: Random;
  /** Of bodies; undefined until there was one. */
  schemas: Schemas | undefined;
  /** Each with the number of requests that it will still strike. */
  faults: { readonly fault: Fault; left: number }[] = [];

  constructor(world: World, log: SandboxLog) {
    this.world = world;
    this.log = log;
    this.hints = new Hints(log);
    this.requestRandom = seededRandom(world.random.below(2 ** 31));
    this.#rearm();
  }

  /** As at the start, when the world has been put back. */
  reset(): void {
    this.idempotency.clear();
    this.hints.clear();
    this.#rearm();
  }

  #rearm(): void {
    this.faults = this.world.settings.faults
      .filter(({ kind }) => kind !== 'stale-read')
      .map((fault) => ({ fault, left: fault.times }));
  }

  /** What a GET answers: with the fault `stale-read`, what was so a while ago. */
  asSeen(data: JsonObject | readonly JsonObject[]): JsonObject | readonly JsonObject[] {
    const stale = this.world.settings.faults.find(({ kind }) => kind === 'stale-read');
    if (stale === undefined) return data;
    const atMs = nowMs(this.world) - stale.durationMs;
    const former = (resource: JsonObject) =>
      this.world.store.formerly(stringAt(resource, 'id') ?? '', atMs) ?? resource;
    return isList(data) ? data.map(former) : former(data);
  }
}

function isList(data: JsonObject | readonly JsonObject[]): data is readonly JsonObject[] {
  return Array.isArray(data);
}
