import { attemptRecord } from '../../report/ndjson.ts';
import type { CommandContext } from '../context.ts';
import { Countdown } from './countdown.ts';
import { textView } from './delivery-text.ts';
import {
  isInterrupted,
  type DeliveryView,
  type OutputFlags,
  type ShownDelivery,
  type ViewOptions,
} from './view.ts';

/** Shows deliveries: text for people, NDJSON, or nothing. */
export function deliveryView<D>(
  shown: (delivery: D) => ShownDelivery,
  context: CommandContext,
  options: ViewOptions,
): DeliveryView<D> {
  const view = viewOf(context, options);
  return {
    waiting: (wait, clock) => view.waiting(wait, clock),
    began: (delivery) => view.began(shown(delivery)),
    attempted: (delivery, attempt, wait) => view.attempted(shown(delivery), attempt, wait),
    settled: (delivery, end) => view.settled(shown(delivery), end),
  };
}

function viewOf(context: CommandContext, options: ViewOptions): DeliveryView<ShownDelivery> {
  if (options.json === true) return jsonView(context, options);
  if (options.quiet === true) return SILENT;
  return textView(context, { ...options, countdown: options.countdown ?? countdownFor(options, context) });
}

/** The live line, where there is a terminal to show it on. */
export function countdownFor(flags: OutputFlags, context: CommandContext): Countdown | undefined {
  return isLive(flags, context) ? new Countdown(context) : undefined;
}

/** Is there a line at the bottom of a terminal that shows the waits? */
export function isLive({ json, quiet }: OutputFlags, { io }: CommandContext): boolean {
  return io.stdout.isTty && json !== true && quiet !== true;
}

const SILENT: DeliveryView<ShownDelivery> = {
  waiting: () => {},
  began: () => {},
  attempted: () => {},
  settled: () => {},
};

/** NDJSON: one object per attempt and one per delivery, and nothing else on stdout. */
function jsonView(context: CommandContext, { isKept = false }: ViewOptions): DeliveryView<ShownDelivery> {
  return {
    ...SILENT,
    attempted: ({ eventId, eventName, url, copy, deliveryId }, attempt, wait) => {
      const record = attemptRecord({ eventId, eventName, endpoint: { url: { href: url } } }, attempt, wait);
      context.print(JSON.stringify({ ...record, copy, deliveryId }));
    },
    settled: ({ eventId, eventName, url, copy, deliveryId }, end) => {
      if (isKept && isInterrupted(end, context)) return;
      const { state, attempts } = end;
      const record = { type: 'delivery', eventId, eventName, url, state, attempts, copy, deliveryId };
      context.print(JSON.stringify(record));
    },
  };
}
