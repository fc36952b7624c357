import type { DeliveryState } from '../../delivery/schedule.ts';
import type { Journal, PendingDelivery } from '../../journal/journal.ts';
import { attemptRecord } from '../../report/ndjson.ts';
import { answerLine, attemptLine, waitLine, type TextStyle } from '../../report/text.ts';
import { DEFAULT_POLICY } from '../../persona/policies.ts';
import type { ResumeHooks } from '../../simulator/resume.ts';
import type { CommandContext } from '../context.ts';
import type { MovableClock } from '../../delivery/movable-clock.ts';
import { Countdown } from './countdown.ts';
import { isLive } from './delivery-view.ts';

/** A webhook that is disabled can take thousands of deliveries with it. */
const SHOWN = 20;

/** All wait for the same: the next attempt of any. */
const NEXT = 'next';

export interface ResumeView {
  readonly hooks: ResumeHooks;
  failed(): number;
  /** The summary. */
  end(): void;
}

interface ViewFlags {
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}

/** How deliveries of a journal are shown while they go on: each line names its own. */
export function resumeView(
  journal: Journal,
  flags: ViewFlags,
  { context, clock }: { context: CommandContext; clock: MovableClock },
): ResumeView {
  const countdown = isLive(flags, context) ? new Countdown(context) : undefined;
  const counts: Record<DeliveryState, number> = { completed: 0, failed: 0, cancelled: 0, skipped: 0 };
  const show =
    flags.quiet === true
      ? {}
      : flags.json === true
        ? jsonHooks(journal, context)
        : textHooks(journal, flags, { context, countdown });
  return {
    hooks: {
      ...show,
      onWait: ({ delayMs }) => countdown?.start(NEXT, delayMs, clock),
      onSettled: (delivery, state) => {
        counts[state] += 1;
        show.onSettled?.(delivery, state);
      },
      onGivenUp: (ids, state) => {
        counts[state] += ids.length;
        show.onGivenUp?.(ids, state);
      },
      onSkipped: (id, reason) => context.warn(`d${id} stays pending: ${reason}`),
    },
    failed: () => counts.failed,
    end: () => {
      countdown?.stop(NEXT);
      const settled = Object.entries(counts).filter(([, count]) => count > 0);
      const text = settled.map(([state, count]) => `${count} ${state}`).join(', ');
      if (flags.quiet !== true && flags.json !== true)
        context.print(text === '' ? 'no delivery was settled' : text);
    },
  };
}

function jsonHooks(journal: Journal, context: CommandContext): ResumeHooks {
  const identity = ({ id, eventId, eventName, webhook }: PendingDelivery) => {
    const url = journal.webhooks().get(webhook)?.url ?? '';
    return { id: `d${id}`, eventId, eventName, url };
  };
  return {
    onAttempt: (delivery, attempt, wait) => {
      const { id, eventId, eventName, url } = identity(delivery);
      const job = { eventId, eventName, endpoint: { url: new URL(url), secrets: [] } };
      context.print(JSON.stringify({ ...attemptRecord(job, attempt, wait), deliveryId: id }));
    },
    onSettled: (delivery, state) => {
      const { id, ...names } = identity(delivery);
      const attempts = delivery.attemptsMade + 1;
      context.print(JSON.stringify({ type: 'delivery', ...names, state, attempts, deliveryId: id }));
    },
    onGivenUp: (ids, state) => {
      for (const id of ids) context.print(JSON.stringify({ type: 'given-up', deliveryId: `d${id}`, state }));
    },
  };
}

function textHooks(
  journal: Journal,
  { verbose = false }: ViewFlags,
  { context, countdown }: { context: CommandContext; countdown: Countdown | undefined },
): ResumeHooks {
  const { chalk } = context;
  const say = (line: string) => {
    countdown?.stop(NEXT);
    countdown?.clear();
    context.print(line);
  };
  return {
    onAttempt: ({ id, eventName, webhook }, attempt, wait) => {
      const { url = '', policy = DEFAULT_POLICY } = journal.webhooks().get(webhook) ?? {};
      const style: TextStyle = { chalk, policy, verbose };
      const label = `d${id} ${chalk.bold(eventName)}`;
      say(`${label} ${attemptLine(attempt, url, style).trim()}`);
      const answer = verbose ? answerLine(attempt, style) : undefined;
      if (answer !== undefined) say(`${label} ${answer.trim()}`);
      if (wait !== undefined && countdown === undefined) say(`${label} ${waitLine(wait, style).trim()}`);
    },
    onSettled: ({ id, eventName }, state) => {
      const pen = state === 'completed' ? chalk.green : chalk.red;
      say(`d${id} ${chalk.bold(eventName)} ${pen(state)}`);
    },
    onGivenUp: (ids, state) => {
      const reason = state === 'failed' ? ': the webhook was disabled' : ' by hookcast cancel';
      for (const id of ids.slice(0, SHOWN)) say(`d${id} ${chalk.yellow(state)}${reason}`);
      if (ids.length > SHOWN) say(`and ${ids.length - SHOWN} more`);
    },
  };
}
