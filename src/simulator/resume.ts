import { renderLoadBodies } from '../journal/sqlite/render-load-bodies.ts';
import { systemClock } from '../delivery/system-clock.ts';
import { undiciSender, type SenderOptions } from '../http/undici-sender.ts';
import { MovableClock } from '../delivery/movable-clock.ts';
import { REAL_TIME, type TimeScale } from '../delivery/time-scale.ts';
import { followClock } from '../journal/follow-clock.ts';
import type { FixtureLibrary } from '../fixture/load.ts';
import type { Journal } from '../journal/journal.ts';
import { restoreWebhook, type Given } from '../journal/restore-webhook.ts';
import { resumeDeliveries, type ResumedWebhook, type ResumeOptions } from '../journal/resume.ts';
import type { Clock, HttpSender } from '../ports.ts';
import { DEVELOPMENT_SECRET } from '../signing/secret.ts';

export type ResumeHooks = Pick<
  ResumeOptions,
  'onAttempt' | 'onSettled' | 'onGivenUp' | 'onSkipped' | 'onWait' | 'only'
>;

export interface ResumeJournalOptions extends SenderOptions, ResumeHooks {
  readonly journal: Journal;
  /** Simulated seconds per real second. @default 1 */
  readonly timeScale?: TimeScale | undefined;
  /** @default 16 */
  readonly concurrency?: number | undefined;
  /** For what a load run left pending. @default the fixtures of the package */
  readonly fixtures?: FixtureLibrary | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Secrets and headers that the journal only refers to. */
  readonly given?: Partial<Given> | undefined;
  /** Told when a secret differs from the one that a delivery was begun with. */
  readonly onWarning?: ((warning: string) => void) | undefined;
  /** The clock that the waits are slept on. @default one of its own */
  readonly simulatedClock?: MovableClock | undefined;
  readonly clock?: Clock | undefined;
  readonly sender?: HttpSender | undefined;
}

/**
 * Goes on with every pending delivery of a journal; resolves when all are settled, or the signal aborts.
 * @throws {UsageError} when a secret is missing
 * @throws {JournalBrokenError} when the journal can no longer be written
 */
export async function resumeJournal(options: ResumeJournalOptions): Promise<void> {
  const { journal, clock = systemClock, timeScale = REAL_TIME } = options;
  const simulatedClock = options.simulatedClock ?? new MovableClock(clock, timeScale);
  const unfollow = followClock(journal, simulatedClock, { clock });
  try {
    await resumeDeliveries({
      ...options,
      renderBody: renderLoadBodies(options.fixtures),
      webhooks: restoreAll(options),
      clock,
      simulatedClock,
      sender: options.sender ?? undiciSender(options),
    });
    await journal.commit();
  } finally {
    unfollow();
  }
}

/** Only webhooks with pending deliveries: nobody is asked for a secret that is not needed. */
function restoreAll({ journal, given, onWarning }: ResumeJournalOptions): Map<number, ResumedWebhook> {
  const development = { value: DEVELOPMENT_SECRET, source: { from: 'development' } as const };
  const all = { secrets: [...(given?.secrets ?? []), development], headers: given?.headers ?? {} };
  const restored = new Map<number, ResumedWebhook>();
  for (const [id, record] of journal.webhooks()) {
    if (journal.pendingOf([id]).length === 0) continue;
    const { endpoint, warnings } = restoreWebhook(record, all, journal.salt);
    for (const warning of warnings) onWarning?.(warning);
    restored.set(id, { endpoint, policy: record.policy });
  }
  return restored;
}
