import type { Delivery, DeliveryContext } from '../../delivery/deliver.ts';
import type { Event } from '../../event/build.ts';
import type { Simulator } from '../../simulator/simulator.ts';
import { withKeys } from '../terminal/keys.ts';
import { simulatorViews, type ShownBy, type SimulatorViewOptions } from '../views/simulator-view.ts';
import type { DeliveryView } from '../views/view.ts';

/** Runs all webhooks side by side, each with its view; on a terminal, keys steer them together. */
export async function runShown<D>(
  simulators: readonly Simulator[],
  { sent, context, ...options }: SimulatorViewOptions & ShownBy<D>,
  run: (simulator: Simulator, view: DeliveryView<D>, index: number) => Promise<Delivery[]>,
): Promise<Delivery[]> {
  const shown = simulatorViews(simulators, { sent, context }, options);
  const work = () => Promise.all(shown.map(({ simulator, view }, index) => run(simulator, view, index)));
  const clocks = simulators.map(({ clock }) => clock);
  return (await withKeys(work, { clocks, context, flags: options })).flat();
}

/** What delivers to one webhook: a simulator, say. */
export interface Deliverer {
  takeOn(events: readonly Event[]): void;
  deliver(event: Event, options: Pick<DeliveryContext, 'signal' | 'onAttempt'>): Promise<Delivery>;
}

/**
 * Delivers events side by side, each on its own schedule, as Persona does. The first attempts are made in the
 * order given: one begins when that of the event before it is over.
 */
export async function runDeliveries(
  deliverer: Deliverer,
  events: readonly Event[],
  { view, signal }: { view: DeliveryView<Event>; signal: AbortSignal },
): Promise<Delivery[]> {
  deliverer.takeOn(events);
  const running: Promise<Delivery>[] = [];
  for (const event of events) {
    view.began(event);
    const { promise: firstAttempt, resolve: firstAttempted } = deferred();
    const delivery = deliverer.deliver(event, {
      signal,
      onAttempt: (attempt, wait) => {
        view.attempted(event, attempt, wait);
        firstAttempted();
      },
    });
    const shown = delivery.then((settled) => {
      view.settled(event, { state: settled.state, attempts: settled.attempts.length });
      return settled;
    });
    shown.catch(() => undefined); // It is looked at below, when all have begun.
    running.push(shown);
    await Promise.race([firstAttempt, shown]);
  }
  return Promise.all(running);
}

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
