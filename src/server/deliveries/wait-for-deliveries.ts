import { parseDurationMs } from '../../delivery/time-scale.ts';
import type { ApiRequest } from '../api/route.ts';
import { waitUntil } from '../api/wait-until.ts';
import { attemptsMade } from '../views/delivery-view.ts';
import type { DeliveryHistory } from './history.ts';
import { isSettled, type KeptDelivery } from './kept-delivery.ts';
import type { ServedDelivery } from './served-delivery.ts';

const TIMEOUT_MS_DEFAULT = 30_000;

export interface WaitParameters {
  /** `settled` or `attempt:2` */
  readonly wait?: string | undefined;
  readonly timeout?: string | undefined;
}

export function timeoutMsOf({ timeout }: WaitParameters): number {
  return timeout === undefined ? TIMEOUT_MS_DEFAULT : (parseDurationMs(timeout) ?? TIMEOUT_MS_DEFAULT);
}

/** Waits for all of them; true when it came true of all. Without `wait` it is true at once. */
export async function waitForDeliveries(
  deliveries: readonly ServedDelivery[],
  parameters: WaitParameters,
  { history, request }: { readonly history: DeliveryHistory; readonly request: Pick<ApiRequest, 'signal'> },
): Promise<boolean> {
  const { wait } = parameters;
  if (wait === undefined) return true;
  const timeoutMs = timeoutMsOf(parameters);
  const { signal } = request;
  const results = await Promise.all(
    deliveries.map((delivery) =>
      waitUntil({
        verdict: () => verdictOn(delivery, wait),
        subscribe: (listener) => history.watch(delivery, listener),
        ...{ timeoutMs, signal },
      }),
    ),
  );
  return results.every(Boolean);
}

/** Undefined while it can still come true. */
function verdictOn(delivery: KeptDelivery, wait: string): boolean | undefined {
  if (wait === 'settled') return isSettled(delivery) ? true : undefined;
  if (attemptsMade(delivery) >= Number(wait.slice('attempt:'.length))) return true;
  return isSettled(delivery) ? false : undefined;
}
