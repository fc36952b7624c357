import { flagsOf, GROUP } from './flag.ts';
import { list, probability, size, time, wholeNumber } from './values.ts';

/** Flags that several kinds of runs share, each with the words of its own. */
export const RUN = flagsOf(GROUP.what, {
  only: { spelling: '--only <events>', description: 'only these events, separated by commas', parse: list },
  referenceId: {
    spelling: '--reference-id <text>',
    description: 'your own id of the person: reference-id of the object and its account',
  },
  seed: { spelling: '--seed <number>', description: 'repeat the ids of an earlier run', parse: wholeNumber },
  at: {
    spelling: '--at <time>',
    description: 'when the event happened: ISO 8601 or unix seconds (default: now)',
    parse: time,
  },
  scenario: {
    spelling: '--scenario <name|file>',
    description: 'the events of a scenario, story after story, instead of a mix',
  },
});

export const PACE = flagsOf(GROUP.speed, {
  concurrency: {
    spelling: '--concurrency <n>',
    description: 'requests under way at a time',
    parse: size,
  },
  duplicates: {
    spelling: '--duplicates <probability>',
    description: 'send each event again with this probability, 0 to 1: the same bytes, up to 10 s later',
    parse: probability,
  },
  shuffle: {
    spelling: '--shuffle',
    description: 'send in random order; the moments of sending stay the same',
  },
});
