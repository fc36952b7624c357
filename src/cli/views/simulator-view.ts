import type { Delivery, DeliveryJob } from '../../delivery/deliver.ts';
import type { Event } from '../../event/build.ts';
import { credentialsOf } from '../../journal/mask-answer.ts';
import { hasDevelopmentSecret } from '../../signing/sign.ts';
import type { Simulator } from '../../simulator/simulator.ts';
import { describeVerdict } from '../../webhook/verdict.ts';
import type { CommandContext } from '../context.ts';
import { countdownFor, deliveryView, type DeliveryView, type ViewOptions } from './view.ts';

/** An event on its way to a simulator's webhook, as it is named to the user. */
export interface Sent extends Pick<DeliveryJob, 'eventId' | 'eventName'> {
  /** Absent for a recorded one. */
  readonly event?: Event | undefined;
  readonly copy?: number | undefined;
  readonly dueMs?: number | undefined;
}

/** An event of `send`. */
export function sentEvent(event: Event): Sent {
  return { eventId: event.id, eventName: event.name, event };
}

export interface SimulatorViewOptions extends Omit<ViewOptions, 'isKept' | 'names' | 'countdown'> {
  /** The file that keeps what is interrupted. */
  readonly journal?: string | undefined;
  readonly hasManyEvents: boolean;
}

export interface ShownBy<D> {
  readonly sent: (delivery: D) => Sent;
  readonly context: CommandContext;
}

/** One view for each webhook; on a terminal they share the live line at the bottom. */
export function simulatorViews<D>(
  simulators: readonly Simulator[],
  { sent, context }: ShownBy<D>,
  options: SimulatorViewOptions,
): { readonly simulator: Simulator; readonly view: DeliveryView<D> }[] {
  const { journal, hasManyEvents, ...flags } = options;
  const names = simulators.length > 1 ? 'each with its receiver' : hasManyEvents ? 'each' : 'none';
  const countdown = countdownFor(flags, context);
  const viewOptions: ViewOptions = { ...flags, names, countdown, isKept: journal !== undefined };
  return simulators.map((simulator) => {
    const { webhook, policy, clock } = simulator;
    const { url, secrets } = webhook.endpoint;
    const isDevelopmentSecret = hasDevelopmentSecret(secrets);
    const credentials = credentialsOf(webhook.endpoint);
    const shown = (delivery: D) => {
      const { event, ...names } = sent(delivery);
      const skipReason = () =>
        event === undefined
          ? undefined
          : describeVerdict(webhook.verdict(event.name, simulator.compose(event)));
      return { ...names, url: url.href, policy, clock, isDevelopmentSecret, credentials, skipReason };
    };
    return { simulator, view: deliveryView(shown, context, viewOptions) };
  });
}

/** The hooks of a scenario or a replay, for a view. */
export function hooksFor<D>(view: DeliveryView<D>, { clock }: Simulator) {
  return {
    onWait: (wait: Parameters<typeof view.waiting>[0]) => view.waiting(wait, clock),
    onStart: view.began,
    onAttempt: view.attempted,
    onSettled: (delivery: D, { state, attempts }: Delivery) =>
      view.settled(delivery, { state, attempts: attempts.length }),
  };
}
