/** How a wait ended: `true` when the condition came true, `false` when it did not in time or never can. */
export interface Waiting {
  /** Has the condition come true? undefined while that is open. */
  readonly verdict: () => boolean | undefined;
  /** Calls the listener at every change that may decide it; returns what ends that. */
  readonly subscribe: (listener: () => void) => () => void;
  readonly timeoutMs: number;
  /** Ends the wait early: the client is gone. */
  readonly signal?: AbortSignal | undefined;
}

/** Resolves as soon as it is decided, at the latest after `timeoutMs` of real time. */
export function waitUntil({ verdict, subscribe, timeoutMs, signal }: Waiting): Promise<boolean> {
  const known = verdict();
  if (known !== undefined || timeoutMs === 0) return Promise.resolve(known ?? false);
  return new Promise((resolve) => {
    const end = (result: boolean) => {
      clearTimeout(timer);
      unsubscribe();
      signal?.removeEventListener('abort', giveUp);
      resolve(result);
    };
    const giveUp = () => end(false);
    const timer = setTimeout(giveUp, timeoutMs);
    const unsubscribe = subscribe(() => {
      const decided = verdict();
      if (decided !== undefined) end(decided);
    });
    signal?.addEventListener('abort', giveUp, { once: true });
  });
}
