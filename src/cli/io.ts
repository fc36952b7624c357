/** A stream that lines for people or programs go to. */
export interface Output {
  write(text: string | Buffer): void;
  readonly isTty: boolean;
  readonly columns: number;
}

/** Where keys come from, one by one and unseen. */
export interface Keyboard {
  /** Calls the listener with each key's character, Ctrl-C excepted; returns what gives the terminal back. */
  listen(onKey: (key: string) => void): () => void;
}

/** All that a command knows of the process it runs in. */
export interface Io {
  readonly stdout: Output;
  readonly stderr: Output;
  /** Absent when stdin is not a terminal, or another program's at the moment. */
  readonly keyboard?: Keyboard | undefined;
  /** All of standard input; for an argument `-`. */
  readonly readInput?: (() => Buffer) | undefined;
  /** Puts a question and resolves with the line typed; absent without a terminal. */
  readonly ask?: ((question: string) => Promise<string>) | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** 0 for none; what NO_COLOR, FORCE_COLOR and the terminal say. */
  readonly colorLevel: 0 | 1 | 2 | 3;
  /** Aborts when the user presses Ctrl-C, or a key that does the same. */
  readonly interrupted: AbortSignal;
  /** Aborts when the reader of stdout is gone, as behind `head`. */
  readonly outputClosed?: AbortSignal | undefined;
  /** What Ctrl-C does. */
  interrupt(): void;
  /** Calls the listener at each SIGHUP, which otherwise ends the process. */
  readonly onHangup?: ((listener: () => void) => void) | undefined;
}
