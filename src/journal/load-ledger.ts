/** A delivery of a load run as its first attempt is about to leave. Its body is not kept. */
export interface LoadDelivery {
  readonly eventNumber: number;
  readonly eventId: string;
  readonly eventName: string;
  /** Milliseconds since 1970. */
  readonly happenedAtMs: number;
  readonly startedAtMs: number;
}

/** How the body of a delivery is rendered again: the number of the load run, and which of its events it is. */
export interface EventRecipe {
  readonly run: number;
  readonly event: number;
  /** When it happened, milliseconds since 1970. */
  readonly atMs: number;
}

/**
 * Renders the body of an event of a load run again, to the byte. `run` is what the journal keeps of the run.
 * @throws {HookcastError} when it cannot be rendered, or would not be the same
 */
export type RenderBody = (
  event: EventRecipe & { readonly eventId: string },
  run: string | undefined,
) => Promise<Buffer> | Buffer;

/** The answer that accepted a first attempt. */
export interface LoadAnswer {
  readonly startedAtMs: number;
  readonly totalMs: number;
  readonly status: number;
}

/** The deliveries of one load run in a journal, a row each. All is written by the journal's next commit. */
export interface LoadLedger {
  /** Its first attempt is about to leave. @returns its id in the journal */
  begin(delivery: LoadDelivery): number;
  /** Its first attempt was accepted. */
  complete(id: number, answer: LoadAnswer): void;
  /** It was begun, and its first attempt never left: nothing is kept of it. */
  withdraw(id: number): void;
  /** Adds a delivery that waits for its next attempt. @returns its id in the journal */
  add(delivery: LoadDelivery, dueAtMs: number): number;
  end(): void;
}

/** A load run as the journal keeps it. */
export interface NewLoadRun {
  /** The webhook's number. */
  readonly webhook: number;
  readonly attemptsTotal: number;
  /** JSON: all that its events follow from. */
  readonly recipe: string;
}
