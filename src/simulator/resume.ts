import { renderLoadBodies } from '../journal/sqlite/render-load-bodies.ts';
import { systemClock } from '../delivery/system-clock.ts';
import { checkLiteral, lateSender } from '../http/connection-rules.ts';
import { HookcastError } from '../errors.ts';
import { http1StatusSender } from '../http/http1/status-sender.ts';
import type { SenderOptions } from '../http/connection-rules.ts';
import { MovableClock } from '../delivery/movable-clock.ts';
import { REAL_TIME, type TimeScale } from '../delivery/time-scale.ts';
import { followClock } from '../journal/follow-clock.ts';
import type { FixtureLibrary } from '../fixture/load.ts';
import type { Journal } from '../journal/journal.ts';
import { restoreWebhook, type Given } from '../journal/restore-webhook.ts';
import { resumeDeliveries } from '../journal/resume.ts';
import type { ResumedWebhook, ResumeOptions } from '../journal/resume-options.ts';
import type { Clock, HttpSender } from '../ports.ts';
import { DEVELOPMENT_SECRET } from '../signing/sign.ts';

export type ResumeHooks = Pick<
  ResumeOptions,
  'onAttempt' | 'onSettled' | 'onGivenUp' | 'onSkipped' | 'onQueued' | 'onWait' | 'only' | 'standing'
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
  /** Where deliveries go, and how they are signed. @default as the journal has it, with the secrets given */
  readonly webhooks?: ReadonlyMap<number, ResumedWebhook> | undefined;
  /** The clock that the waits are slept on. @default one of its own */
  readonly simulatedClock?: MovableClock | undefined;
  readonly clock?: Clock | undefined;
  readonly sender?: HttpSender | undefined;
}

/**
 * Resumes every pending delivery of a journal; resolves when all are settled, or the signal aborts. Deliveries to an
 * address that nothing may be sent to stay pending.
 * @throws {UsageError} when a secret is missing
 * @throws {RemoteAddressError} at the end, when deliveries were left out for their address
 * @throws {JournalBrokenError} when the journal can no longer be written
 */
export async function resumeJournal(options: ResumeJournalOptions): Promise<void> {
  const { journal, only, clock = systemClock, timeScale = REAL_TIME } = options;
  const simulatedClock = options.simulatedClock ?? new MovableClock(clock, timeScale);
  const unfollow = followClock(journal, simulatedClock, {
    ...{ clock, fromMs: options.standing?.nowMs },
    ...(only && { deliveries: () => only }),
  });
  const connections = http1StatusSender(options);
  try {
    await resumeDeliveries({
      ...options,
      renderBody: renderLoadBodies(options.fixtures),
      ...(options.webhooks === undefined
        ? restoreAll(options, webhooksToResume(options))
        : { webhooks: options.webhooks }),
      clock,
      simulatedClock,
      sender: options.sender ?? lateSender(options),
      loadSender: options.sender ?? connections,
    });
    await journal.commit();
  } finally {
    connections.close();
    unfollow();
  }
}

/**
 * Checks that a delivery like these could be made: its secrets are known, and its address may be sent to.
 * @throws {UsageError | RemoteAddressError}
 */
export function checkResumable(options: ResumeJournalOptions, deliveries: readonly number[]): void {
  const { webhooks, refused } = restoreAll(
    { ...options, onWarning: undefined },
    webhooksOf(options.journal, deliveries),
  );
  const [refusal] = refused.values();
  if (refusal !== undefined && webhooks.size === 0) throw refusal;
}

interface Restored {
  readonly webhooks: Map<number, ResumedWebhook>;
  readonly refused: Map<number, HookcastError>;
}

function restoreAll(options: ResumeJournalOptions, wanted: ReadonlySet<number>): Restored {
  const { journal, given, onWarning } = options;
  const development = { value: DEVELOPMENT_SECRET, source: { from: 'development' } as const };
  const all = { secrets: [...(given?.secrets ?? []), development], headers: given?.headers ?? {} };
  const restored: Restored = { webhooks: new Map(), refused: new Map() };
  for (const [id, record] of journal.webhooks()) {
    if (!wanted.has(id)) continue;
    const refusal = refusalOf(new URL(record.url), options);
    if (refusal !== undefined) {
      restored.refused.set(id, refusal);
      continue;
    }
    const { endpoint, warnings } = restoreWebhook(record, all, journal.salt);
    for (const warning of warnings) onWarning?.(warning);
    restored.webhooks.set(id, { endpoint, policy: record.policy });
  }
  return restored;
}

function refusalOf(url: URL, options: ResumeJournalOptions): HookcastError | undefined {
  if (options.sender !== undefined) return undefined;
  try {
    checkLiteral(url, options);
    return undefined;
  } catch (error) {
    if (error instanceof HookcastError) return error;
    throw error;
  }
}

function webhooksOf(journal: Journal, deliveries: readonly number[]): Set<number> {
  return new Set(deliveries.flatMap((id) => journal.webhookOf(id) ?? []));
}

/** Those with deliveries to resume: no secret is asked for that is not needed. */
function webhooksToResume({ journal, only }: ResumeJournalOptions): Set<number> {
  if (only !== undefined) return webhooksOf(journal, only);
  return new Set([...journal.webhooks().keys()].filter((id) => journal.pendingOf([id]).length > 0));
}
