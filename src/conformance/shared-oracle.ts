import type { Oracle, OracleReading } from './oracle.ts';

/** Whoever asks while a reading is under way shares the next one: checks that wait side by side ask once. */
export function sharedOracle(oracle: Oracle): Oracle {
  let current: Promise<OracleReading> | undefined;
  let next: Promise<OracleReading> | undefined;
  const start = () => {
    next = undefined;
    current = oracle.read().finally(() => (current = undefined));
    return current;
  };
  return {
    get tellsState() {
      return oracle.tellsState;
    },
    read() {
      if (current === undefined) return next ?? start();
      next ??= current.then(start, start);
      return next;
    },
  };
}
