import type { ScenarioHooks, ScenarioOptions } from '../../simulator/scenario.ts';
import { flagsOf, GROUP, reworded, type ValuesOf } from './flag.ts';
import { PACE, RUN } from './run.ts';
import { duration } from './values.ts';

/** The flags that say what of a scenario is sent, and in which order it arrives. */
export type ScenarioFlags = ValuesOf<typeof SCENARIO>;

export const SCENARIO = {
  only: RUN.only,
  ...flagsOf(GROUP.what, {
    until: { spelling: '--until <event>', description: 'stop after the first event of this name' },
  }),
  referenceId: reworded(
    RUN.referenceId,
    'your own id of the person: reference-id of every inquiry and account',
  ),
  seed: reworded(RUN.seed, 'repeat the ids and the order of an earlier run'),
  at: reworded(RUN.at, 'when the first event happened: ISO 8601 or unix seconds'),
  shuffle: PACE.shuffle,
  duplicates: PACE.duplicates,
  ...flagsOf(GROUP.speed, {
    jitter: {
      spelling: '--jitter <duration>',
      description: 'send each event late by up to this much, e.g. 30s',
      parse: duration,
    },
  }),
  concurrency: reworded(PACE.concurrency, 'how many requests may be under way at a time (default: 1)'),
};

/** The options of the library. */
export function scenarioOptions(flags: ScenarioFlags): ScenarioOptions & ScenarioHooks {
  const { only, until, shuffle, at, referenceId, duplicates, jitter: jitterMs, concurrency } = flags;
  return { only, until, shuffle, duplicates, jitterMs, concurrency, at, referenceId };
}
