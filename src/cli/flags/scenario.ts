import type { Command } from 'commander';
import type { ScenarioHooks, ScenarioOptions } from '../../simulator/scenario.ts';
import { addFlags, flagsOf, GROUP, reworded } from './flag.ts';
import { PACE, RUN } from './run.ts';
import { duration } from './values.ts';

/** The flags that say what of a scenario is sent, and in which order it arrives. */
export interface ScenarioFlags {
  readonly only?: string[];
  readonly until?: string;
  readonly shuffle?: boolean;
  readonly duplicates?: number;
  /** Milliseconds. */
  readonly jitter?: number;
  readonly concurrency?: number;
  readonly referenceId?: string;
  readonly seed?: number;
  readonly at?: Date;
}

export function addScenarioOptions(command: Command): Command {
  return addFlags(command, [
    RUN.only,
    ...Object.values(
      flagsOf(GROUP.what, {
        until: { spelling: '--until <event>', description: 'stop after the first event of this name' },
      }),
    ),
    reworded(RUN.referenceId, 'your own id of the person: reference-id of every inquiry and account'),
    reworded(RUN.seed, 'repeat the ids and the order of an earlier run'),
    reworded(RUN.at, 'when the first event happened: ISO 8601 or unix seconds'),
    PACE.shuffle,
    PACE.duplicates,
    ...Object.values(
      flagsOf(GROUP.speed, {
        jitter: {
          spelling: '--jitter <duration>',
          description: 'send each event late by up to this much, e.g. 30s',
          parse: duration,
        },
      }),
    ),
    reworded(PACE.concurrency, 'how many requests may be under way at a time (default: 1)'),
  ]);
}

/** The options of the library. */
export function scenarioOptions(flags: ScenarioFlags): ScenarioOptions & ScenarioHooks {
  const { only, until, shuffle, at, referenceId, duplicates, jitter: jitterMs, concurrency } = flags;
  return { only, until, shuffle, duplicates, jitterMs, concurrency, at, referenceId };
}
