import type { ModelReceiver } from './model-receiver.ts';

/** A receiver with exactly one bug, and the checks that must notice it: these and no others. */
export interface Mutant {
  /** `hmac-without-timestamp`. */
  readonly id: string;
  /** For the table in the docs: what is wrong with it. */
  readonly bug: string;
  readonly create: () => ModelReceiver;
  /** Ids of the checks that fail, in the order of the suite. */
  readonly fails: readonly string[];
  /** It refuses genuine events, so that checks between controls end as `error`: the run says so and no more. */
  readonly refusesGenuine?: boolean;
  /** What a whole run finds beside ACK-01 where genuine events are refused: forgeries that are accepted. */
  readonly proves?: readonly string[];
  /** What the diagnosis must say of it, in part; only of those that refuse genuine events. */
  readonly diagnosis?: string;
}
