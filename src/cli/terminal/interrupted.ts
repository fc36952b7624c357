import type { Io } from '../io.ts';

/** Resolves at Ctrl-C, and when the reader of the output is gone. */
export function untilInterrupted({ interrupted, outputClosed }: Io): Promise<void> {
  const signal = outputClosed === undefined ? interrupted : AbortSignal.any([interrupted, outputClosed]);
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => {
      resolve();
    });
  });
}
