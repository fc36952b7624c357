import type { ChalkInstance } from 'chalk';
import type { Attempt } from '../../delivery/attempt.ts';
import type { Delivery, Wait } from '../../delivery/deliver.ts';
import type { Event } from '../../event/event.ts';
import { attemptRecord, deliveryRecord } from '../../report/ndjson.ts';
import { formatSpan } from '../../report/duration.ts';
import { answerLine, attemptLine, deliveryLine, waitLine, type TextStyle } from '../../report/text.ts';
import type { Simulator } from '../../simulator/simulator.ts';
import { describeVerdict } from '../../webhook/verdict.ts';
import type { CommandContext } from '../context.ts';
import { Countdown } from './countdown.ts';

/** An event on its way, as it is named to the user. */
export interface Shown extends Pick<Event, 'id' | 'name'> {
  /** Absent for a recorded one. */
  readonly document?: Event['document'] | undefined;
  readonly createdAtMs?: number | undefined;
  /** In a scenario: 1, or 2 for a duplicate. */
  readonly copy?: number | undefined;
  /** In a scenario: when it is due, in simulated milliseconds since the start. */
  readonly dueMs?: number | undefined;
}

/** How a run of deliveries to one webhook is shown while it goes on. */
export interface DeliveryView {
  /** Nothing happens until the next event is due. */
  waiting(wait: Wait): void;
  started(shown: Shown): void;
  attempted(shown: Shown, attempt: Attempt, wait: Wait | undefined): void;
  settled(shown: Shown, delivery: Delivery): void;
}

export interface OutputFlags {
  readonly json?: boolean | undefined;
  readonly quiet?: boolean | undefined;
}

export interface ViewOptions extends OutputFlags {
  readonly verbose?: boolean | undefined;
  /** What is interrupted goes on later. */
  readonly journal?: string | undefined;
  /** More than one event: every line names its own. */
  readonly many: boolean;
}

/** One view for each webhook; on a terminal they share the live line at the bottom. */
export function createViews(
  simulators: readonly Simulator[],
  context: CommandContext,
  options: ViewOptions,
): DeliveryView[] {
  const isKept = options.journal !== undefined;
  if (options.json === true) return simulators.map((simulator) => jsonView(simulator, context, isKept));
  if (options.quiet === true) return simulators.map(() => SILENT);
  const countdown = isLive(options, context) ? new Countdown(context) : undefined;
  const labels = { event: options.many || simulators.length > 1, webhook: simulators.length > 1 };
  const verbose = options.verbose === true;
  return simulators.map((simulator) => textView(simulator, context, { labels, countdown, verbose, isKept }));
}

/** Is there a line at the bottom of a terminal that shows the waits? */
export function isLive({ json, quiet }: OutputFlags, { io }: CommandContext): boolean {
  return io.stdout.isTty && json !== true && quiet !== true;
}

const SILENT: DeliveryView = { waiting: () => {}, started: () => {}, attempted: () => {}, settled: () => {} };

/** NDJSON: one object per attempt and one per delivery, and nothing else on stdout. */
function jsonView(
  { webhook: { endpoint } }: Simulator,
  context: CommandContext,
  isKept: boolean,
): DeliveryView {
  return {
    waiting: () => {},
    started: () => {},
    attempted: ({ id, name, copy }, attempt, wait) => {
      const record = attemptRecord({ eventId: id, eventName: name, endpoint }, attempt, wait);
      context.print(JSON.stringify({ ...record, copy }));
    },
    settled: ({ copy }, delivery) => {
      if (isKept && isInterrupted(delivery, context)) return;
      context.print(JSON.stringify({ ...deliveryRecord(delivery), copy }));
    },
  };
}

interface TextOptions {
  /** What stands in front of each line, where one run shows several deliveries. */
  readonly labels: { readonly event: boolean; readonly webhook: boolean };
  readonly countdown: Countdown | undefined;
  readonly verbose: boolean;
  readonly isKept: boolean;
}

/** With a journal it is not settled: it goes on at the next resume. */
function isInterrupted({ state }: Delivery, { io }: CommandContext): boolean {
  return state === 'cancelled' && io.interrupted.aborted;
}

function textView(simulator: Simulator, context: CommandContext, options: TextOptions): DeliveryView {
  const { chalk } = context;
  const { labels, countdown, verbose, isKept } = options;
  const { clock } = simulator;
  const { url } = simulator.webhook.endpoint;
  const style: TextStyle = { chalk, policy: simulator.policy, verbose };
  // A duplicate is a delivery of its own, with the same event id.
  const waitId = ({ id, copy = 1 }: Shown) => `${id} ${copy} ${url.href}`;
  const gapId = `next event ${url.href}`;
  const say = (event: Shown, line: string) => {
    countdown?.clear();
    const target = labels.webhook ? ` → ${url.host}${url.pathname}` : '';
    context.print(labels.event ? `${label(event, chalk)}${target} ${line.trim()}` : line);
  };
  return {
    waiting: (wait) => {
      countdown?.start(gapId, wait.delayMs, clock);
    },
    started: (event) => {
      countdown?.stop(gapId);
      countdown?.clear();
      const due = event.dueMs === undefined ? '' : `T+${formatSpan(event.dueMs)}`.padEnd(10);
      context.print(`${due}${label(event, chalk)}  ${event.id}`);
      if (event.dueMs === undefined || labels.webhook) context.print(`  to ${url.href}`);
    },
    attempted: (event, attempt, wait) => {
      countdown?.stop(waitId(event));
      say(event, attemptLine(attempt, url.href, style));
      const answer = verbose ? answerLine(attempt, style) : undefined;
      if (answer !== undefined) say(event, answer);
      if (wait === undefined) return;
      if (countdown === undefined) say(event, waitLine(wait, style));
      else countdown.start(waitId(event), wait.delayMs, clock);
    },
    settled: (event, delivery) => {
      countdown?.stop(waitId(event));
      if (isKept && isInterrupted(delivery, context)) {
        say(event, chalk.yellow('interrupted, and kept in the journal'));
        return;
      }
      const reason = delivery.state === 'skipped' ? skipReason(simulator, event) : undefined;
      say(event, deliveryLine(delivery, style) + (reason === undefined ? '' : ` (${reason})`));
    },
  };
}

function label({ name, copy = 1 }: Shown, chalk: ChalkInstance): string {
  return copy === 1 ? chalk.bold(name) : `${chalk.bold(name)} (copy ${copy})`;
}

/** Composes the event once more, which only a skipped delivery is worth. */
function skipReason(simulator: Simulator, { document, createdAtMs, ...shown }: Shown): string | undefined {
  if (document === undefined || createdAtMs === undefined) return undefined;
  const event: Event = { ...shown, document, createdAtMs };
  return describeVerdict(simulator.webhook.verdict(event.name, simulator.compose(event)));
}
