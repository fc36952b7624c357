/** What the exit code of every command means. */
export const EXIT = {
  ok: 0,
  /** A delivery failed, a signature does not verify, or a webhook could not be imported. */
  failed: 1,
  /** Bad usage, or a fixture, webhook or policy file with a fault. */
  usage: 2,
  /** The run itself broke: an address that cannot be listened on, output that cannot be written. */
  broken: 3,
  /** A bug of ours. */
  bug: 70,
  /** Ctrl-C. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
