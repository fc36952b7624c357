import type { DeliveryState } from '../../delivery/schedule.ts';
import type { MovableClock } from '../../delivery/movable-clock.ts';
import type { Journal, PendingDelivery } from '../../journal/journal.ts';
import { saltedFingerprint, type WebhookRecord } from '../../journal/webhook-record.ts';
import { DEFAULT_POLICY } from '../../persona/policies.ts';
import { DEVELOPMENT_SECRET } from '../../signing/secret.ts';
import type { ResumeHooks } from '../../simulator/resume.ts';
import type { CommandContext } from '../context.ts';
import { countdownFor, deliveryView } from './delivery-view.ts';
import type { OutputFlags } from './view.ts';

/** A webhook that is disabled can take thousands of deliveries with it. */
const MOST_SHOWN = 20;

/** All wait for the same: the next attempt of any. */
const NEXT = 'next';

export interface ResumeView {
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
