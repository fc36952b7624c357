import type { DeliveryObserver } from '../../delivery/observer.ts';
import type { MovableClock } from '../../delivery/movable-clock.ts';
import type { Wait, DeliveryState } from '../../delivery/schedule.ts';
import { DEFAULT_POLICY, type DeliveryPolicy } from '../../persona/policies.ts';
import type { CommandContext } from '../context.ts';
import { Countdown } from './countdown.ts';
import { attemptRecord } from '../../report/ndjson.ts';
import { isInterrupted, TextView } from './delivery-text.ts';
import type { Journal, PendingDelivery } from '../../journal/journal.ts';
import { saltedFingerprint, type WebhookRecord } from '../../journal/webhook-record.ts';
import { DEVELOPMENT_SECRET } from '../../signing/sign.ts';
import type { ResumeHooks } from '../../simulator/resume.ts';

/** A delivery as it is shown. */
export interface ShownDelivery {
  readonly eventId: string;
  readonly eventName: string;
  readonly url: string;
  readonly policy: DeliveryPolicy;
  /** In a scenario: 1, or 2 for a duplicate, which is a delivery of its own with the same event id. */
  readonly copy?: number | undefined;
  /** Its name in a journal or a queue. */
  readonly deliveryId?: string | undefined;
  /** In a scenario: when it is due, in simulated milliseconds since the start. */
  readonly dueMs?: number | undefined;
  readonly isDevelopmentSecret?: boolean | undefined;
  /** What the receiver knows, and no output shows. */
  readonly credentials?: readonly string[] | undefined;
  /** What its waits are slept on, where they are counted down. */
  readonly clock?: MovableClock | undefined;
  /** Why nothing was sent; asked for a skipped delivery only. */
  readonly skipReason?: (() => string | undefined) | undefined;
}

/** How deliveries are shown while they go on. */
export interface DeliveryView<D> extends Required<DeliveryObserver<D>> {
  /** Nothing happens until the next event is due. */
  waiting(wait: Wait, clock: MovableClock): void;
}

export interface OutputFlags {
  readonly json?: boolean | undefined;
  readonly quiet?: boolean | undefined;
}

export interface ViewOptions extends OutputFlags {
  readonly verbose?: boolean | undefined;
  /** Sent with the signatures of a recording. */
  readonly frozen?: boolean | undefined;
  /** What is interrupted goes on later. */
  readonly isKept?: boolean | undefined;
  /** One delivery alone in the order of its attempts, or many, of which each line names its own. @default each */
  readonly names?: 'none' | 'each' | 'each with its receiver' | undefined;
  /** @default a new one, on a terminal */
  readonly countdown?: Countdown | undefined;
}

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
  return new TextView(context, {
    ...options,
    countdown: options.countdown ?? countdownFor(options, context),
  });
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

/** A webhook that is disabled can take thousands of deliveries with it. */
const MOST_SHOWN = 20;

/** All wait for the same: the next attempt of any. */
const NEXT = 'next';

interface ResumeView {
  readonly hooks: ResumeHooks;
  failed(): number;
  /** The summary. */
  end(): void;
}

/** How deliveries of a journal are shown while they go on: each line names its own. */
export function resumeView(
  journal: Journal,
  flags: OutputFlags & { readonly verbose?: boolean },
  { context, clock }: { context: CommandContext; clock: MovableClock },
): ResumeView {
  const countdown = countdownFor(flags, context);
  const counts: Record<DeliveryState, number> = { completed: 0, failed: 0, cancelled: 0, skipped: 0 };
  const view = deliveryView(shownIn(journal), context, { ...flags, countdown });
  return {
    hooks: {
      onWait: ({ delayMs }) => countdown?.start(NEXT, delayMs, clock),
      onAttempt: (delivery, attempt, wait) => {
        countdown?.stop(NEXT);
        view.attempted(delivery, attempt, wait);
      },
      onSettled: (delivery, state) => {
        counts[state] += 1;
        view.settled(delivery, { state, attempts: delivery.attemptsMade + 1 });
      },
      onGivenUp: (ids, state) => {
        counts[state] += ids.length;
        countdown?.stop(NEXT);
        countdown?.clear();
        for (const line of givenUpLines(ids, state, flags)) context.print(line);
      },
      onSkipped: (id, reason) => context.warn(`d${id} stays pending: ${reason}`),
    },
    failed: () => counts.failed,
    end: () => {
      countdown?.stop(NEXT);
      const settled = Object.entries(counts).filter(([, count]) => count > 0);
      const text = settled.map(([state, count]) => `${count} ${state}`).join(', ');
      if (flags.quiet !== true && flags.json !== true)
        context.print(text === '' ? 'no deliveries were settled' : text);
    },
  };
}

function shownIn(journal: Journal) {
  const ofDevelopment = saltedFingerprint(DEVELOPMENT_SECRET, journal.salt);
  return ({ id, eventId, eventName, webhook }: PendingDelivery) => {
    const {
      url = '',
      policy = DEFAULT_POLICY,
      secrets = [],
    }: Partial<WebhookRecord> = journal.webhooks().get(webhook) ?? {};
    const isDevelopmentSecret = secrets.some(({ fingerprint }) => fingerprint === ofDevelopment);
    return { eventId, eventName, url, policy, isDevelopmentSecret, deliveryId: `d${id}` };
  };
}

/** Settled by another process. */
function givenUpLines(ids: readonly number[], state: DeliveryState, { json, quiet }: OutputFlags): string[] {
  if (json === true)
    return ids.map((id) => JSON.stringify({ type: 'given-up', deliveryId: `d${id}`, state }));
  if (quiet === true) return [];
  const reason = state === 'failed' ? ': the webhook was disabled' : ' by hookcast cancel';
  const lines = ids.slice(0, MOST_SHOWN).map((id) => `d${id} ${state}${reason}`);
  return ids.length > MOST_SHOWN ? [...lines, `and ${ids.length - MOST_SHOWN} more`] : lines;
}
