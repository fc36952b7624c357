import type { Attempt } from '../delivery/attempt.ts';
import type { Delivery, Wait } from '../delivery/deliver.ts';
import type { Event } from '../event/event.ts';
import { attemptRecord, deliveryRecord } from '../report/ndjson.ts';
import { answerLine, attemptLine, deliveryLine, waitLine, type TextStyle } from '../report/text.ts';
import type { Simulator } from '../simulator.ts';
import { describeVerdict } from '../webhook/verdict.ts';
import type { CommandContext } from './context.ts';
import { Countdown } from './countdown.ts';

/** How a run of deliveries to one webhook is shown while it goes on. */
export interface DeliveryView {
  started(event: Event): void;
  attempted(event: Event, attempt: Attempt, wait: Wait | undefined): void;
  settled(event: Event, delivery: Delivery): void;
}

export interface ViewOptions {
  readonly json?: boolean | undefined;
  readonly quiet?: boolean | undefined;
  readonly verbose?: boolean | undefined;
  /** More than one event: every line names its own. */
  readonly many: boolean;
}

/** One view for each webhook; on a terminal they share the live line at the bottom. */
export function createViews(
  simulators: readonly Simulator[],
  context: CommandContext,
  options: ViewOptions,
): DeliveryView[] {
  if (options.json === true) return simulators.map((simulator) => jsonView(simulator, context));
  if (options.quiet === true) return simulators.map(() => SILENT);
  const countdown = context.io.stdout.isTty ? new Countdown(context) : undefined;
  const labels = { event: options.many || simulators.length > 1, webhook: simulators.length > 1 };
  const verbose = options.verbose === true;
  return simulators.map((simulator) => textView(simulator, context, { labels, countdown, verbose }));
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

interface TextOptions {
  /** What stands in front of each line, where one run shows several deliveries. */
  readonly labels: { readonly event: boolean; readonly webhook: boolean };
  readonly countdown: Countdown | undefined;
  readonly verbose: boolean;
}

function textView(simulator: Simulator, context: CommandContext, options: TextOptions): DeliveryView {
  const { chalk } = context;
  const { labels, countdown, verbose } = options;
  const { url } = simulator.webhook.endpoint;
  const style: TextStyle = { chalk, policy: simulator.policy, verbose };
  const waitId = (event: Event) => `${event.id} ${url.href}`;
  const say = ({ name }: Event, line: string) => {
    countdown?.clear();
    const target = labels.webhook ? ` → ${url.host}${url.pathname}` : '';
    context.print(labels.event ? `${chalk.bold(name)}${target} ${line.trim()}` : line);
  };
  return {
    started: (event) => {
      countdown?.clear();
      context.print(`${chalk.bold(event.name)}  ${event.id}`);
      context.print(`  to ${url.href}`);
    },
    attempted: (event, attempt, wait) => {
      countdown?.stop(waitId(event));
      say(event, attemptLine(attempt, url.href, style));
      const answer = verbose ? answerLine(attempt, style) : undefined;
      if (answer !== undefined) say(event, answer);
      if (wait === undefined) return;
      if (countdown === undefined) say(event, waitLine(wait, style));
      else countdown.start(waitId(event), wait);
    },
    settled: (event, delivery) => {
      countdown?.stop(waitId(event));
      const reason = describeVerdict(simulator.webhook.verdict(event.name, simulator.compose(event)));
      say(event, deliveryLine(delivery, style) + (reason === undefined ? '' : ` (${reason})`));
    },
  };
}
