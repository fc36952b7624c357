import { HookcastError } from '../errors.ts';

interface Absence {
  readonly waitedMs: number;
  readonly reason: string;
  readonly isUp?: boolean | undefined;
  /** What the caller can do. */
  readonly advice?: string | undefined;
}

/** A receiver that cannot be reached: nothing can be said about it. */
export class ReceiverDownError extends HookcastError {
  override name = 'ReceiverDownError' as const;
  override readonly exit = 'broken' as const;

  /** @param isUp - something answers there, and to wait for it would not help */
  constructor(url: URL, { waitedMs, reason, advice, isUp = false }: Absence) {
    const within = waitedMs === 0 ? '' : ` within ${waitedMs / 1000} s`;
    const why = isUp ? `: ${reason}` : `${within} (${reason})${advice === undefined ? '' : `; ${advice}`}`;
    super('RECEIVER_DOWN', `no connection to ${url.host}${why}`);
  }
}
