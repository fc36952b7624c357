import type { Event } from '../../event/build.ts';
import type { Payload } from '../../payload/compose.ts';
import type { ComposedEvent } from '../../simulator/compose-next.ts';
import { describeVerdict } from '../../webhook/verdict.ts';
import type { ServerState } from '../server-state.ts';
import type { ServedWebhook } from '../webhooks/served-webhook.ts';
import type { KeptDelivery } from './kept-delivery.ts';
import type { NewDelivery } from './runner.ts';

/**
 * One delivery for each webhook that has the event enabled; a filter that keeps it back is told as the reason.
 * @param compose - makes the payload of a webhook. @default as it is configured
 */
export function publish(
  event: Event,
  { webhooks, runner }: Pick<ServerState, 'webhooks' | 'runner'>,
  compose: (webhook: ServedWebhook) => Payload = ({ simulator }) => simulator.compose(event),
): KeptDelivery[] {
  const wanting = webhooks.list().filter((webhook) => webhook.sends(event.name));
  return wanting.map((webhook) => runner.start(webhook, deliveryWith(webhook, event, compose(webhook))));
}

/** A payload as this webhook sends it, or the reason why it does not. */
export function deliveryWith(
  { simulator }: ServedWebhook,
  { id, name }: Pick<Event, 'id' | 'name'>,
  payload: Omit<ComposedEvent, 'id' | 'name'>,
): NewDelivery {
  const skipReason = describeVerdict(simulator.webhook.verdict(name, payload));
  const { body, bodyAgain, removed, unmatched } = payload;
  return { eventId: id, eventName: name, body, bodyAgain, removed, unmatched, skipReason };
}
