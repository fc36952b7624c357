import { HookcastError } from '../errors.ts';

interface Absence {
  readonly waitedMs: number;
  readonly reason: string;
  readonly isUp?: boolean | undefined;
}

/** A receiver that cannot be reached: nothing can be said about it. */
export class ReceiverDownError extends HookcastError {
  override name = 'ReceiverDownError' as const;
  override readonly exit = 'broken' as const;

  /** @param isUp - something answers there, and to wait for it would not help */
  constructor(url: URL, { waitedMs, reason, isUp = false }: Absence) {
    const within = waitedMs === 0 ? '' : ` within ${waitedMs / 1000} s`;
    const advice = waitedMs === 0 ? '; is your receiver running? --wait-for 30s waits for it' : '';
    const why = isUp ? `: ${reason}` : `${within} (${reason})${advice}`;
    super('RECEIVER_DOWN', `no connection to ${url.host}${why}`);
  }
}
