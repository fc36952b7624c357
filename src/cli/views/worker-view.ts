import type { WorkedDelivery, WorkerEvents } from '../../queue/delivery-queue.ts';
import { DEVELOPMENT_SECRET, Secret, fingerprintOf } from '../../signing/sign.ts';
import { printable } from '../../text/printable.ts';
import type { CommandContext } from '../context.ts';
import { deliveryView, type OutputFlags } from './view.ts';

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
        context.note(`${id} taken over from a worker that is gone; its attempt is repeated`);
    },
    trouble: (message) => {
      context.warn(`Redis: ${printable(message)}; nothing is lost, and it is tried again`);
    },
  };
}

const OF_DEVELOPMENT = fingerprintOf(new Secret(DEVELOPMENT_SECRET));

function shown({ id, queued }: WorkedDelivery) {
  const { eventId, eventName, url, copy, policy, secrets } = queued;
  const isDevelopmentSecret = secrets.some(({ fingerprint }) => fingerprint === OF_DEVELOPMENT);
  return { eventId, eventName, url, copy, policy, isDevelopmentSecret, deliveryId: id };
}
