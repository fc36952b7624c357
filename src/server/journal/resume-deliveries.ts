import type { Attempt } from '../../delivery/attempt.ts';
import type { Wait } from '../../delivery/deliver.ts';
import type { DeliveryState } from '../../delivery/schedule.ts';
import type { Journal } from '../../journal/journal.ts';
import type { ResumedWebhook, StandingClock } from '../../journal/resume-options.ts';
import { resumeJournal } from '../../simulator/resume.ts';
import { HookcastError } from '../../errors.ts';
import { withRefusalsAsOutcomes } from '../../http/refusals-as-outcomes.ts';
import { lateSender } from '../../http/connection-rules.ts';
import type { ServerState } from '../server-state.ts';
import type { ServedWebhook } from '../webhooks/served-webhook.ts';
import type { RestoreOptions } from './restore-deliveries.ts';

/** Goes on with the pending deliveries of each webhook, on its clock. */
export function resumeAll(
  state: ServerState,
  byNumber: ReadonlyMap<number, ServedWebhook>,
  options: RestoreOptions & { readonly journal: Journal },
): void {
  // One moment for all that stands still, for what is written down of its clock, too.
  const nowMs = state.clock.now();
  const standing = (webhook: ServedWebhook) => state.journal?.clocks.standing(webhook.id, nowMs);
  for (const [number, webhook] of byNumber) {
    const only = options.journal.pendingOf([number]);
    const pending = { number, webhook, only, standing: standing(webhook) };
    if (only.length > 0) void resumeOne(state, pending, options);
  }
  for (const webhook of state.webhooks.list()) {
    const still = standing(webhook);
    if (still !== undefined) state.journal?.clocks.stands(webhook, still);
  }
}

interface Pending {
  readonly webhook: ServedWebhook;
  /** The webhook's, in the journal. */
  readonly number: number;
  readonly only: readonly number[];
  readonly standing: StandingClock | undefined;
}

async function resumeOne(
  state: ServerState,
  { number, webhook, only, standing }: Pending,
  options: RestoreOptions & { readonly journal: Journal },
): Promise<void> {
  const { runner, clock } = state;
  const { journal, signal, onWarning } = options;
  const deliveryOf = (id: number) => state.history.find(`d${id}`);
  const settle = (id: number, settledState: DeliveryState) => {
    const delivery = deliveryOf(id);
    if (delivery !== undefined) runner.settledElsewhere(delivery, settledState);
  };
  try {
    await resumeJournal({
      ...{ journal, signal, onWarning, only, standing, clock, simulatedClock: webhook.clock },
      sender: options.sender ?? withRefusalsAsOutcomes(lateSender(options)),
      webhooks: new Map([[number, asItIsNow(webhook)]]),
      onSkipped: (id, reason) => onWarning?.(`d${id} stays pending: ${reason}`),
      onQueued: (id, dueOnClockMs, hurry) => {
        const delivery = deliveryOf(id);
        if (delivery !== undefined) Object.assign(delivery, { dueOnClockMs, hurry });
      },
      onAttempt: ({ id }, attempt, wait) => keepAttempt(state, { id: `d${id}`, webhook }, { attempt, wait }),
      onSettled: ({ id }, settledState) => settle(id, settledState),
      onGivenUp: (ids, settledState) => {
        for (const id of ids) settle(id, settledState);
      },
    });
  } catch (error) {
    if (signal.aborted) return;
    onWarning?.(error instanceof HookcastError ? error.message : `a bug in hookcast: ${String(error)}`);
  }
}

/** A change of it also counts for what is pending. */
function asItIsNow({ simulator, policy }: ServedWebhook): ResumedWebhook {
  return {
    policy,
    get endpoint() {
      return simulator.webhook.endpoint;
    },
  };
}

function keepAttempt(
  { history }: ServerState,
  { id, webhook }: { readonly id: string; readonly webhook: ServedWebhook },
  { attempt, wait }: { readonly attempt: Attempt; readonly wait: Wait | undefined },
): void {
  const delivery = history.find(id);
  if (delivery === undefined) return;
  const { attempt: number, attemptsLeft, startedAtMs, simulatedAtMs, request, outcome, timings } = attempt;
  // An attempt whose outcome was lost is made again under its number.
  const lost = delivery.attempts.findIndex(
    (known) => known.attempt === number && known.outcome === undefined,
  );
  if (lost >= 0) delivery.attempts.splice(lost, 1);
  const { url, headers } = request;
  const kept = { attempt: number, attemptsLeft, startedAtMs, simulatedAtMs, url, headers };
  history.attemptBegan(delivery, kept);
  Object.assign(kept, { outcome, timings, wait });
  const dueOnClockMs = wait === undefined ? undefined : webhook.clock.now() + wait.delayMs;
  Object.assign(delivery, { dueOnClockMs });
  history.attemptEnded(delivery, kept);
}
