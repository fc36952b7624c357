import type { ApiRequest } from '../api/route.ts';
import { waitUntil, type WaitParameters } from '../api/wait-until.ts';
import { attemptsMade } from '../views/delivery-view.ts';
import type { DeliveryHistory } from './history.ts';
import { isSettled, type KeptDelivery } from './kept-delivery.ts';
import type { ServedDelivery } from './served-delivery.ts';

/** Waits for all of them; true when it came true of all. */
export async function waitForDeliveries(
  deliveries: readonly ServedDelivery[],
  parameters: WaitParameters,
  { history, request }: { readonly history: DeliveryHistory; readonly request: Pick<ApiRequest, 'signal'> },
): Promise<boolean> {
  const { wait = 'settled' } = parameters;
  const results = await Promise.all(
    deliveries.map((delivery) => {
      const verdict = () => verdictOn(delivery, wait);
      const subscribe = (listener: () => void) => history.watch(delivery, listener);
      return waitUntil({ verdict, subscribe }, parameters, request);
    }),
  );
  return results.every(Boolean);
}

/** Undefined while it can still come true. */
function verdictOn(delivery: KeptDelivery, wait: string): boolean | undefined {
  if (wait === 'settled') return isSettled(delivery) ? true : undefined;
  if (attemptsMade(delivery) >= Number(wait.slice('attempt:'.length))) return true;
  return isSettled(delivery) ? false : undefined;
}
