import { openFileLimit } from '../../http/open-file-limit.ts';
import { UsageError } from '../../errors.ts';
import type { LoadOptions } from '../../simulator/load.ts';
import { eventsInOutage } from '../../load/outage.ts';
import { flagsOf, GROUP, reworded, type ValuesOf } from './flag.ts';
import { JOURNAL } from './journal.ts';
import { PACE, RUN, OUTPUT, TARGET } from './run.ts';
import { collect, count, probability, rate, size, someDuration } from './values.ts';
import type { SendingFlags } from '../steps/simulators.ts';

/** The flags of a load run. */
export type LoadFlags = Omit<SendingFlags, 'verbose'> & ValuesOf<typeof LOAD>;

const DEFAULT_DURATION_MS = 10_000;
/** Of each thread: standard streams, the event loop's own, name resolution. */
const OTHER_FILES = 32;
const MOST_AFTER_OUTAGE = 10_000_000;

export const LOAD = {
  ...flagsOf(GROUP.what, {
    mix: {
      spelling: '--mix <events>',
      description: 'which events, with weights: inquiry.*=8,report/*=1 (default: inquiry.approved)',
    },
    scenario: RUN.scenario,
    count: { spelling: '--count <n>', description: 'how many events', parse: count },
    duration: {
      spelling: '--duration <time>',
      description: 'how long new events are sent, e.g. 30s (default: 10s without --count)',
      parse: someDuration,
    },
    forged: {
      spelling: '--forged <share>',
      description: 'give this share of the events a wrong signature, which your receiver must refuse',
      parse: probability,
    },
    seed: reworded(RUN.seed, 'repeat the ids, the order and the forgeries of an earlier run'),
  }),
  ...flagsOf(GROUP.speed, {
    rate: {
      spelling: '--rate <n/unit>',
      description:
        'first attempts a second, minute or hour: 500/s, 30/m (default: as fast as the receiver answers)',
      parse: rate,
    },
    concurrency: reworded(PACE.concurrency, 'connections, each with one request at a time (default: 50)'),
    workers: {
      spelling: '--workers <n>',
      description: 'threads that share the events and the connections (default: 1)',
      parse: size,
    },
    duplicates: reworded(PACE.duplicates, {
      spelling: '--duplicates <share>',
      description: 'deliver this share of the events twice, 0 to 1: the same id and bytes',
    }),
    reorder: {
      spelling: '--reorder <n>',
      description: 'shuffle the order within windows of up to this many events',
      parse: size,
    },
    outage: {
      spelling: '--outage <time>',
      description: 'simulate the backlog after an outage of this length, e.g. 2h; needs --rate',
      parse: someDuration,
    },
    noDrain: { spelling: '--no-drain', description: 'do not wait for retries at the end' },
  }),
  journal: reworded(
    JOURNAL.journal,
    'write every delivery to this file, to continue after a crash with hookcast resume',
  ),
  storeSecrets: JOURNAL.storeSecrets,
  allowRemote: TARGET.allowRemote,
  insecure: TARGET.insecure,
  ca: TARGET.ca,
  json: reworded(OUTPUT.json, 'one JSON object a second and one for the result on stdout (NDJSON)'),
  ...flagsOf(GROUP.output, {
    report: {
      spelling: '--report <file>',
      description: 'write the result to a file, .html or .json; also html=<file>, json=<file>; repeatable',
      parse: collect,
    },
  }),
  quiet: OUTPUT.quiet,
};

/** The options of the library. @throws {UsageError} for values and combinations that make no sense */
export function loadOptions(flags: LoadFlags): LoadOptions {
  if (flags.mix !== undefined && flags.scenario !== undefined) {
    throw new UsageError('--mix and --scenario both say which events are sent; choose one');
  }
  const { concurrency, workers, duplicates, forged, reorder, drain } = flags;
  const options = {
    ...{ concurrency, workers, duplicates, forged, reorder, drain },
    ratePerSecond: flags.rate,
    count: flags.count,
    durationMs: flags.duration,
    outageMs: flags.outage,
  };
  checkConcurrency(options.concurrency ?? 1, options.workers ?? 1);
  if (options.outageMs !== undefined) checkOutage(flags, options.outageMs, options.ratePerSecond);
  const isOpen = options.count === undefined && options.durationMs === undefined;
  return isOpen && options.outageMs === undefined ? { ...options, durationMs: DEFAULT_DURATION_MS } : options;
}

function checkConcurrency(concurrency: number, workers: number): void {
  const limit = openFileLimit();
  const otherFiles = OTHER_FILES * workers;
  if (limit === undefined || concurrency + otherFiles <= limit) return;
  if (otherFiles >= limit)
    throw new UsageError(
      `--workers ${workers} needs ${otherFiles} files of its own, and this process may open only ${limit}; ` +
        'one worker for each core is enough',
    );
  throw new UsageError(
    `--concurrency ${concurrency} needs one file per connection, and this process may open only ${limit} files; ` +
      `lower it to ${Math.max(1, limit - otherFiles)}, or raise the limit (ulimit -n)`,
  );
}

function checkOutage(flags: LoadFlags, lengthMs: number, ratePerSecond: number | undefined): void {
  if (ratePerSecond === undefined) {
    throw new UsageError('--outage needs --rate: how many events would have come while it lasted?');
  }
  for (const name of ['count', 'duration', 'duplicates', 'forged', 'reorder'] as const) {
    if (flags[name] === undefined) continue;
    throw new UsageError(`--outage sends only the events of the outage; leave --${name} out`);
  }
  const events = eventsInOutage({ lengthMs, ratePerSecond });
  if (events <= MOST_AFTER_OUTAGE) return;
  throw new UsageError(
    `--outage at this --rate would queue ${events} events; the limit is ${MOST_AFTER_OUTAGE}`,
  );
}
