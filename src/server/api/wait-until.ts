import { parseDurationMs } from '../../delivery/time-scale.ts';
import type { ApiRequest } from './route.ts';

const TIMEOUT_MS_DEFAULT = 30_000;

/** What a request says about waiting. */
export interface WaitParameters {
  /** `settled` or `attempt:2`; without it nothing is waited for. */
  readonly wait?: string | undefined;
  readonly timeout?: string | undefined;
}

/** What is waited for. */
export interface Condition {
  /** Has it come true? undefined while that is open. */
  readonly verdict: () => boolean | undefined;
  /** Calls the listener at every change that may decide it; returns what ends that. */
  readonly subscribe: (listener: () => void) => () => void;
}

/**
 * Resolves as soon as it is decided, at the latest when the time of the request is over: `true` when the condition
 * came true, `false` when it did not in time, or never can, or the client is gone. Without `wait` it is true at once.
 */
export function waitUntil(
  { verdict, subscribe }: Condition,
  { wait, timeout }: WaitParameters,
  request: Pick<ApiRequest, 'signal'>,
): Promise<boolean> {
  if (wait === undefined) return Promise.resolve(true);
  const timeoutMs = parseDurationMs(timeout ?? '') ?? TIMEOUT_MS_DEFAULT;
  const known = verdict();
  if (known !== undefined || timeoutMs === 0) return Promise.resolve(known ?? false);
  const { signal } = request;
  return new Promise((resolve) => {
    const end = (result: boolean) => {
      clearTimeout(timer);
      unsubscribe();
      signal.removeEventListener('abort', giveUp);
      resolve(result);
    };
    const giveUp = () => end(false);
    const timer = setTimeout(giveUp, timeoutMs);
    const unsubscribe = subscribe(() => {
      const decided = verdict();
      if (decided !== undefined) end(decided);
    });
    signal.addEventListener('abort', giveUp, { once: true });
  });
}
