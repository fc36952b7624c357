/** A stream that lines for people or programs go to. */
export interface Output {
  write(text: string): void;
  readonly isTty: boolean;
  readonly columns: number;
}

/** All that a command knows of the process it runs in. */
export interface Io {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** 0 for none; what NO_COLOR, FORCE_COLOR and the terminal say. */
  readonly colorLevel: 0 | 1 | 2 | 3;
  /** Aborts when the user presses Ctrl-C. */
  readonly interrupted: AbortSignal;
  /** Calls the listener at each SIGHUP, which otherwise ends the process. */
  readonly onHangup?: ((listener: () => void) => void) | undefined;
}
