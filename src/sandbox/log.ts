/** One call to the API: no key, no parameter and no body, which may hold personal data. */
export interface CallRecord {
  readonly method: string;
  /** The path alone. */
  readonly path: string;
  /** The operation's name; undefined where there is none. */
  readonly operation: string | undefined;
  readonly status: number;
}

/** What the sandbox tells while it runs. */
export interface SandboxLog {
  onCall?(call: CallRecord): void;
  /** A mistake or a surprise, once per kind and run. */
  onHint?(sentence: string): void;
}

/** Passes each kind of hint on once. */
export class Hints {
  readonly #log: SandboxLog;
  readonly #told = new Set<string>();

  constructor(log: SandboxLog) {
    this.#log = log;
  }

  tell(kind: string, sentence: string): void {
    if (this.#told.has(kind)) return;
    this.#told.add(kind);
    this.#log.onHint?.(sentence);
  }

  clear(): void {
    this.#told.clear();
  }
}
