import type { Wait } from '../../delivery/deliver.ts';
import type { Outcome } from '../../delivery/attempt.ts';
import type { DeliveryState } from '../../delivery/schedule.ts';
import type { SignatureMode } from '../../delivery/signature-mode.ts';
import type { StoredState } from '../../journal/delivery-store.ts';
import type { Removal } from '../../payload/blocklist/apply.ts';
import type { Timings } from '../../ports.ts';

export interface KeptAttempt {
  /** Counts from 1. */
  readonly attempt: number;
  readonly attemptsLeft: number;
  /** Milliseconds since 1970. */
  readonly startedAtMs: number;
  readonly simulatedAtMs: number;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** Absent while it is under way, or when its outcome was lost in a crash. */
  outcome?: Outcome | undefined;
  timings?: Timings | undefined;
  /** What follows. */
  wait?: Wait | undefined;
}

/** A delivery as the server keeps it. It changes until it is settled. */
export interface KeptDelivery {
  /** `d12`; counted up. */
  readonly id: string;
  readonly eventId: string;
  readonly eventName: string;
  readonly webhookId: string;
  readonly url: string;
  readonly runId?: string | undefined;
  /** The delivery that it repeats. */
  readonly resendOf?: string | undefined;
  /** In a scenario: 1, or 2 for a duplicate. */
  readonly copy?: number | undefined;
  readonly signature: SignatureMode;
  /** The bytes of every attempt; of a settled delivery they may be made again each time. */
  readonly body: Buffer;
  /** What the webhook's blocklist took out of the body. */
  readonly removed: readonly Removal[];
  /** Entries of the blocklist that matched nothing. */
  readonly unmatched: readonly string[];
  readonly createdAtMs: number;
  /** By its policy, the first included. */
  readonly attemptsTotal: number;
  readonly attempts: KeptAttempt[];
  state: StoredState;
  settledAtMs?: number | undefined;
  /** Why it was skipped, or could not go on. */
  reason?: string | undefined;
  /** When the next attempt is due on the webhook's clock, milliseconds since 1970; absent during an attempt. */
  dueOnClockMs?: number | undefined;
}

export function isSettled(delivery: KeptDelivery): delivery is KeptDelivery & { state: DeliveryState } {
  return delivery.state !== 'pending';
}
