import {
  deliver,
  skippedDelivery,
  type Delivery,
  type DeliveryContext,
  type DeliveryJob,
} from '../delivery/deliver.ts';
import { anySignal } from '../delivery/shared-signal.ts';
import { buildRun, type Event } from '../event/build.ts';
import { loadFixture, loadOwnFixture, type Fixture } from '../fixture/load.ts';
import { composePayload } from '../payload/compose.ts';
import type { DeliverOptions, EventOptions, SimulatorDeps } from './deps.ts';

/** In the order given, which is that of the journal. */
export function takeOn(
  deps: SimulatorDeps,
  sendings: readonly { event: Event; dueMs: number; key: object }[],
): void {
  const { journalled, takenOn, clock, simulatedClock } = deps;
  if (journalled === undefined) return;
  deps.checkAddress();
  const nowMs = clock.now();
  for (const { event, dueMs, key } of sendings) {
    const { job, isSent } = jobOf(deps, event);
    if (!isSent) continue; // It is written down when its turn comes.
    const id = journalled.takeOn(job, { nowMs, delayMs: dueMs, timeScale: simulatedClock.scale });
    takenOn.set(key, { id, job });
  }
  // Their ids may be printed from now on.
  journalled.journal.commitNow();
}

function jobOf({ webhook }: SimulatorDeps, event: Event): { job: DeliveryJob; isSent: boolean } {
  const payload = composePayload(event, webhook.payload);
  const job = { eventId: event.id, eventName: event.name, body: payload.body, endpoint: webhook.endpoint };
  return { job, isSent: webhook.verdict(event.name, payload).kind === 'deliver' };
}

export async function buildEvents(
  { library, clock, random, ids }: SimulatorDeps,
  names: readonly string[],
  { at, fixture, ...options }: EventOptions = {},
): Promise<Event[]> {
  const load = (name: string): Promise<Fixture> =>
    typeof fixture === 'string' ? loadOwnFixture(name, fixture, library) : loadFixture(name, library);
  const fixtures =
    typeof fixture === 'object' ? names.map(() => fixture) : await Promise.all(names.map(load));
  return buildRun(fixtures, { ...options, ids, random, atMs: at?.getTime() ?? Math.floor(clock.now()) });
}

/** Counts as under way on the clock: a test that asks for the next attempt means the one of this event. */
export async function buildOne(deps: SimulatorDeps, name: string, options?: EventOptions): Promise<Event> {
  const [event] = await deps.simulatedClock.during(() => buildEvents(deps, [name], options));
  if (event === undefined) throw new Error('no event was built');
  return event;
}

type DeliverMeansAndOptions = DeliverOptions &
  Pick<DeliveryContext, 'skippedMs' | 'gate'> & {
    /** What the delivery is known by in the journal. @default its event */
    readonly key?: object | undefined;
  };

export async function deliverOne(
  deps: SimulatorDeps,
  given: string | Event,
  { signal, onAttempt, skippedMs, gate, key, ...options }: DeliverMeansAndOptions = {},
): Promise<Delivery> {
  const event = typeof given === 'string' ? await buildOne(deps, given, options) : given;
  const taken = deps.takenOn.get(key ?? event);
  const { job, isSent } = taken === undefined ? jobOf(deps, event) : { job: taken.job, isSent: true };
  if (!isSent) {
    deps.journalled?.skip(job, deps.clock.now());
    return skippedDelivery(job);
  }
  const means = { signal: anySignal(deps.disabled.signal, signal), onAttempt, skippedMs, gate };
  return deliverJob(job, { ...deps, ...means, key: key ?? event });
}

async function deliverJob(
  job: DeliveryJob,
  context: SimulatorDeps & DeliverMeansAndOptions & { readonly key: object },
): Promise<Delivery> {
  const { journalled, clock, takenOn, key } = context;
  if (journalled !== undefined) {
    context.checkAddress();
    const nowMs = clock.now();
    const id = takenOn.get(key)?.id ?? journalled.takeOn(job, { nowMs, delayMs: 0, timeScale: 1 });
    takenOn.delete(key);
    return failedIfDisabled(await journalled.deliver(id, job, context), context);
  }
  return failedIfDisabled(await deliver(job, context), context);
}

/** A disabled webhook's deliveries fail, those of later events, too. */
function failedIfDisabled(delivery: Delivery, { disabled, journalled }: SimulatorDeps): Delivery {
  if (delivery.state !== 'cancelled' || !disabled.signal.aborted) return delivery;
  journalled?.disable();
  return { ...delivery, state: 'failed' };
}
