import { pathOf, post } from '../api/client.ts';
import type { Delivery } from '../api/records.ts';
import { put } from './deliveries.ts';
import { tell } from './notice.ts';
import { deliveryAddress, go } from './route.ts';

/** Edits are those of POST /v1/deliveries/{id}/resend. */
export async function resend(id: string, edits: object = {}): Promise<void> {
  const delivery = await post<Delivery>(pathOf`/v1/deliveries/${id}/resend`, edits);
  put([delivery]);
  tell(`${id} was sent again as ${delivery.id}`);
  go(deliveryAddress(delivery.id));
}

export async function makeNextAttempt(id: string): Promise<void> {
  put([await post<Delivery>(pathOf`/v1/deliveries/${id}/next`)]);
}

export async function cancel(id: string): Promise<void> {
  put([await post<Delivery>(pathOf`/v1/deliveries/${id}/cancel`)]);
  tell(`${id} is cancelled`);
}
