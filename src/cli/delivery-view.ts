import type { Attempt } from '../delivery/attempt.ts';
import type { Delivery, Wait } from '../delivery/deliver.ts';
import type { Event } from '../event/event.ts';
import { attemptRecord, deliveryRecord } from '../report/ndjson.ts';
import { answerLine, attemptLine, deliveryLine, waitLine, type TextStyle } from '../report/text.ts';
import type { Simulator } from '../simulator.ts';
import type { CommandContext } from './context.ts';
import { Countdown } from './countdown.ts';

/** How a run of deliveries is shown while it goes on. */
export interface DeliveryView {
  started(event: Event): void;
  attempted(event: Event, attempt: Attempt, wait: Wait | undefined): void;
  settled(event: Event, delivery: Delivery): void;
}

export interface ViewOptions {
  readonly json?: boolean | undefined;
  readonly quiet?: boolean | undefined;
  readonly verbose?: boolean | undefined;
  /** More than one delivery at a time: every line names its event. */
  readonly many: boolean;
}

export function createView(
  simulator: Simulator,
  context: CommandContext,
  options: ViewOptions,
): DeliveryView {
  if (options.json === true) return jsonView(simulator, context);
  if (options.quiet === true) return SILENT;
  return textView(simulator, context, options);
}

const SILENT: DeliveryView = { started: () => {}, attempted: () => {}, settled: () => {} };

/** NDJSON: one object per attempt and one per delivery, and nothing else on stdout. */
function jsonView({ webhook: { endpoint } }: Simulator, context: CommandContext): DeliveryView {
  return {
    started: () => {},
    attempted: ({ id, name }, attempt, wait) => {
      const record = attemptRecord({ eventId: id, eventName: name, endpoint }, attempt, wait);
      context.print(JSON.stringify(record));
    },
    settled: (_, delivery) => {
      context.print(JSON.stringify(deliveryRecord(delivery)));
    },
  };
}

function textView(simulator: Simulator, context: CommandContext, options: ViewOptions): DeliveryView {
  const { chalk, io } = context;
  const style: TextStyle = { chalk, policy: simulator.policy, verbose: options.verbose === true };
  const countdown = io.stdout.isTty ? new Countdown(context) : undefined;
  const say = ({ name }: Event, line: string) => {
    countdown?.clear();
    context.print(options.many ? `${chalk.bold(name)} ${line.trim()}` : line);
  };
  return {
    started: (event) => {
      countdown?.clear();
      context.print(`${chalk.bold(event.name)}  ${event.id}  to ${simulator.webhook.endpoint.url.href}`);
    },
    attempted: (event, attempt, wait) => {
      countdown?.stop(event.id);
      say(event, attemptLine(attempt, simulator.webhook.endpoint.url.href, style));
      const answer = style.verbose ? answerLine(attempt, style) : undefined;
      if (answer !== undefined) say(event, answer);
      if (wait === undefined) return;
      if (countdown === undefined) say(event, waitLine(wait, style));
      else countdown.start(event.id, wait);
    },
    settled: (event, delivery) => {
      countdown?.stop(event.id);
      const reason = simulator.webhook.skipReason(event.name);
      const why = delivery.state === 'skipped' && reason !== undefined ? ` (${reason})` : '';
      say(event, deliveryLine(delivery, style) + why);
    },
  };
}
