import { setMaxListeners } from 'node:events';

/**
 * One signal out of several, for any number of listeners: Node warns of a leak when more than ten attempts listen to
 * the same one.
 */
export function anySignal(...signals: readonly (AbortSignal | undefined)[]): AbortSignal {
  return shared(AbortSignal.any(signals.flatMap((signal) => signal ?? [])));
}

/** A signal that any number of listeners may share. */
export function shared(signal: AbortSignal): AbortSignal {
  setMaxListeners(0, signal);
  return signal;
}
