import type { ChalkInstance } from 'chalk';
import type { Attempt } from '../delivery/attempt.ts';
import type { Delivery, Wait } from '../delivery/deliver.ts';
import type { Event } from '../event/event.ts';
import { attemptRecord, deliveryRecord } from '../report/ndjson.ts';
import { formatSpan } from '../report/duration.ts';
import { answerLine, attemptLine, deliveryLine, waitLine, type TextStyle } from '../report/text.ts';
import type { Simulator } from '../simulator.ts';
import type { CommandContext } from './context.ts';
import { Countdown } from './countdown.ts';

/** A delivery, as it is named to the user. */
export interface Shown extends Pick<Event, 'id' | 'name'> {
  /** In a scenario: 1, or 2 for a duplicate. */
  readonly copy?: number | undefined;
  /** In a scenario: when it is due, in simulated milliseconds since the start. */
  readonly dueMs?: number | undefined;
}

/** How a run of deliveries is shown while it goes on. */
export interface DeliveryView {
  /** Nothing happens until the next event is due. */
  waiting(wait: Wait): void;
  started(shown: Shown): void;
  attempted(shown: Shown, attempt: Attempt, wait: Wait | undefined): void;
  settled(shown: Shown, delivery: Delivery): void;
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

const SILENT: DeliveryView = {
  waiting: () => {},
  started: () => {},
  attempted: () => {},
  settled: () => {},
};

/** NDJSON: one object per attempt and one per delivery, and nothing else on stdout. */
function jsonView({ webhook: { endpoint } }: Simulator, context: CommandContext): DeliveryView {
  return {
    waiting: () => {},
    started: () => {},
    attempted: ({ id, name, copy }, attempt, wait) => {
      const record = attemptRecord({ eventId: id, eventName: name, endpoint }, attempt, wait);
      context.print(JSON.stringify({ ...record, copy }));
    },
    settled: ({ copy }, delivery) => {
      context.print(JSON.stringify({ ...deliveryRecord(delivery), copy }));
    },
  };
}

function textView(simulator: Simulator, context: CommandContext, options: ViewOptions): DeliveryView {
  const { chalk, io } = context;
  const style: TextStyle = { chalk, policy: simulator.policy, verbose: options.verbose === true };
  const countdown = io.stdout.isTty ? new Countdown(context) : undefined;
  const say = (event: Shown, line: string) => {
    countdown?.clear();
    context.print(options.many ? `${label(event, chalk)} ${line.trim()}` : line);
  };
  return {
    waiting: (wait) => {
      countdown?.start(NEXT_EVENT, wait);
    },
    started: (event) => {
      countdown?.stop(NEXT_EVENT);
      countdown?.clear();
      const due = event.dueMs === undefined ? '' : `T+${formatSpan(event.dueMs)}`.padEnd(10);
      context.print(`${due}${label(event, chalk)}  ${event.id}  to ${simulator.webhook.endpoint.url.href}`);
    },
    attempted: (event, attempt, wait) => {
      countdown?.stop(keyOf(event));
      say(event, attemptLine(attempt, simulator.webhook.endpoint.url.href, style));
      const answer = style.verbose ? answerLine(attempt, style) : undefined;
      if (answer !== undefined) say(event, answer);
      if (wait === undefined) return;
      if (countdown === undefined) say(event, waitLine(wait, style));
      else countdown.start(keyOf(event), wait);
    },
    settled: (event, delivery) => {
      countdown?.stop(keyOf(event));
      const reason = simulator.webhook.skipReason(event.name);
      const why = delivery.state === 'skipped' && reason !== undefined ? ` (${reason})` : '';
      say(event, deliveryLine(delivery, style) + why);
    },
  };
}

/** The countdown's name for the gap before the next event. */
const NEXT_EVENT = 'next event';

/** A duplicate is a delivery of its own, with the same event id. */
function keyOf({ id, copy = 1 }: Shown): string {
  return `${id} ${copy}`;
}

function label({ name, copy = 1 }: Shown, chalk: ChalkInstance): string {
  return copy === 1 ? chalk.bold(name) : `${chalk.bold(name)} (copy ${copy})`;
}
