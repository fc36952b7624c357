import type { SenderOptions } from '../http/undici-sender.ts';
import type { DeliveryPolicy } from '../persona/policies.ts';
import type { WebhookAttributes } from '../persona/webhook.ts';
import type { Clock } from '../ports.ts';
import type { Check } from './check.ts';
import type { Oracle, Patience } from './oracle.ts';
import type { Subject } from './person.ts';
import type { CheckResult } from './run-check.ts';
import type { Profile } from './select.ts';

export interface ConformOptions extends SenderOptions {
  /** Receivers by the name that reports call them. */
  readonly receivers: readonly { readonly name: string; readonly url: string }[];
  /** The webhook secret that the receivers know. @default the development secret */
  readonly secret?: string | undefined;
  /** How the webhook is configured at Persona: version, inflection, blocklist, headers, enabled events. */
  readonly webhook?: WebhookAttributes | undefined;
  /** @default core, or probe when an oracle is given */
  readonly profile?: Profile | undefined;
  /** Ids, slugs, families or globs; they win over the profile. */
  readonly only?: readonly string[] | undefined;
  readonly skip?: readonly string[] | undefined;
  /** Count `non-strict` as a failure. @default false */
  readonly strict?: boolean | undefined;
  readonly seed?: number | undefined;
  /** What a command line needs beside `--to`, `--only` and `--seed` to repeat a check of this run. */
  readonly repeatFlags?: readonly string[] | undefined;
  readonly oracle?: Oracle | undefined;
  readonly patience?: Patience | undefined;
  /** `restart`, `dependency-down`, `dependency-up`, `unset-secret`. */
  readonly hooks?: Readonly<Record<string, () => Promise<void>>> | undefined;
  /** Makes the receiver know the person and the object of an event before the first event about them. */
  readonly create?: ((subject: Subject) => Promise<void>) | undefined;
  /** The reference-id of each person, with `{uuid}` or `{n}` in it. @default `{uuid}` */
  readonly referenceTemplate?: string | undefined;
  readonly readLog?: (() => Promise<string>) | undefined;
  /** Ids of checks that are known to fail. */
  readonly known?: readonly string[] | undefined;
  /** Whose statuses count as accepted. @default persona-2022, as for deliveries: 200 alone */
  readonly policy?: DeliveryPolicy | undefined;
  /** Overrides those of the policy, and then no other is tolerated. */
  readonly acceptedStatuses?: readonly number[] | undefined;
  /** The age of `t` that the receiver allows, seconds. @default 300 */
  readonly toleranceSeconds?: number | undefined;
  readonly clock?: Clock | undefined;
  /** Divides the pauses that checks make. @default 1 */
  readonly pauseScale?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called before the first check of a receiver, and before the reason of a refusal is looked for. */
  readonly onStage?: ((receiver: string, stage: Stage) => void) | undefined;
  readonly onResult?: ((receiver: string, result: CheckResult, progress: Progress) => void) | undefined;
}

/** What a run does beside the checks that it has done. */
export type Stage =
  | { readonly kind: 'checking'; readonly total: number; readonly first: Check }
  | { readonly kind: 'diagnosing' }
  /** The receiver limits requests, and the run waits as long as it asks. */
  | { readonly kind: 'waiting'; readonly waitMs: number; readonly status: number };

export interface Progress {
  readonly done: number;
  readonly total: number;
}
