import { HookcastError } from '../errors.ts';

/** A receiver that cannot be reached: nothing can be said about it. */
export class ReceiverDownError extends HookcastError {
  override name = 'ReceiverDownError' as const;
  override readonly exit = 'broken' as const;

  constructor(url: URL, { waitedMs, reason }: { waitedMs: number; reason: string }) {
    const advice =
      waitedMs === 0
        ? `no connection to ${url.host} (${reason}); is your receiver running? --wait-for 30s waits for it`
        : `no connection to ${url.host} within ${waitedMs / 1000} s (${reason})`;
    super('RECEIVER_DOWN', advice);
  }
}
