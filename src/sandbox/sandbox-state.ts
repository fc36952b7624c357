import { seededRandom } from '../event/seeded-random.ts';
import { stringAt, type JsonObject } from '../json/node.ts';
import type { Random } from '../ports.ts';
import type { Fault } from './faults.ts';
import type { Schemas } from './http/call.ts';
import { Idempotency } from './http/idempotency.ts';
import { RateLimit } from './http/rate-limit.ts';
import { Hints, type SandboxLog } from './log.ts';
import { nowMs, type Environment } from './state/environment.ts';

/** What the HTTP side of a sandbox holds, beside the environment that it serves. */
export class SandboxState {
  readonly environment: Environment;
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

  constructor(environment: Environment, log: SandboxLog) {
    this.environment = environment;
    this.log = log;
    this.hints = new Hints(log);
    this.requestRandom = seededRandom(environment.random.below(2 ** 31));
    this.#rearm();
  }

  /** As at the start; the environment is put back first. */
  reset(): void {
    this.idempotency.clear();
    this.hints.clear();
    this.#rearm();
  }

  #rearm(): void {
    this.faults = this.environment.settings.faults
      .filter(({ kind }) => kind !== 'stale-read')
      .map((fault) => ({ fault, left: fault.times }));
  }

  /** What a GET answers: with the fault `stale-read`, what was so a while ago. */
  asSeen(data: JsonObject | readonly JsonObject[]): JsonObject | readonly JsonObject[] {
    const stale = this.environment.settings.faults.find(({ kind }) => kind === 'stale-read');
    if (stale === undefined) return data;
    const atMs = nowMs(this.environment) - stale.durationMs;
    const former = (resource: JsonObject) =>
      this.environment.store.formerly(stringAt(resource, 'id') ?? '', atMs) ?? resource;
    return isList(data) ? data.map(former) : former(data);
  }
}

function isList(data: JsonObject | readonly JsonObject[]): data is readonly JsonObject[] {
  return Array.isArray(data);
}
