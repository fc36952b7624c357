import type { WorkedDelivery, WorkerEvents } from '../../queue/delivery-queue.ts';
import { printable } from '../../text/printable.ts';
import type { CommandContext } from '../context.ts';
import { deliveryView } from './delivery-view.ts';
import type { OutputFlags } from './view.ts';

/** Shows a worker's deliveries while they are made: lines for people, or NDJSON. */
export function workerView(
  flags: OutputFlags & { readonly verbose?: boolean },
  context: CommandContext,
): WorkerEvents {
  const { attempted, settled } = deliveryView(shown, context, flags);
  return {
    attempted,
    settled,
    refused: (id, reason) => {
      context.warn(`${id} stays in the queue: ${printable(reason, 400)}`);
    },
    setAside: (id, reason) => {
      context.warn(`${printable(id, 60)} is set aside: ${printable(reason, 400)}`);
    },
    takenOver: (id) => {
      if (flags.quiet !== true)
        context.note(`${id} taken over from a worker that is gone; its attempt is made again`);
    },
    trouble: (message) => {
      context.warn(`Redis: ${printable(message)}; nothing is lost, and it is tried again`);
    },
  };
}

function shown({ id, queued }: WorkedDelivery) {
  const { eventId, eventName, url, copy, policy } = queued;
  return { eventId, eventName, url, copy, policy, deliveryId: id };
}
