import type { Delivery, DeliveryContext } from '../../delivery/deliver.ts';
import type { Event } from '../../event/build.ts';
import type { DeliveryView } from '../views/view.ts';

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
