import type { ApiVersion } from '../persona/contract.ts';
import type { VerificationKind } from './state/verification-kinds.ts';
import type { Fault } from './faults.ts';
import type { Seed } from './seed.ts';

/**
 * A day of an inquiry then takes 86 ms, which is as long as requests take. Faster, or without waits ("instant"), the
 * scale holds for retries alone, and all else waits in real time.
 */
export const FASTEST_SCALE = 1_000_000;

export const DECISIONS = ['approve', 'decline', 'review', 'none'] as const;
/** How an inquiry ends by itself; `none` leaves it to a person, a test or the hosted page. */
export type Decision = (typeof DECISIONS)[number];

/** A rule of the seed file: the first whose conditions all hold decides. */
export type Rule = NonNullable<Seed['rules']>[number];

export interface Settings {
  /** Of requests without `Persona-Version`. */
  readonly apiVersion: ApiVersion;
  /** The only key that is accepted; undefined accepts every sandbox key. */
  readonly key: string | undefined;
  readonly organizationId: string;
  readonly environmentId: string;
  readonly decide: Decision;
  /** From the creation of an inquiry to its decision, in simulated milliseconds. */
  readonly decideAfterMs: number;
  readonly rules: readonly Rule[];
  /** Unknown attributes and parameters are ignored with a warning instead of refused. */
  readonly isLenient: boolean;
  readonly faults: readonly Fault[];
  /** Cells of the table of operations and states: allowed, or refused with a status. */
  readonly overrides: NonNullable<Seed['transitions']>;
  /** What a verification template asks for, by its id. */
  readonly verificationTemplates: ReadonlyMap<string, VerificationKind>;
  /** Whether the seed names the templates: then no other is known. */
  readonly hasOwnTemplates: boolean;
  /** Where a browser and a client find the sandbox: `http://localhost:4665`. Known once it listens. */
  baseUrl: string;
}
