import type { Command } from 'commander';
import { openFileLimit } from '../../http/open-file-limit.ts';
import { parseDurationMs } from '../../delivery/time-scale.ts';
import { UsageError } from '../../errors.ts';
import type { LoadOptions } from '../../simulator/load.ts';
import { eventsInOutage } from '../../load/outage.ts';
import { collect, wholeNumber } from './event.ts';
import type { SendingFlags } from '../steps/simulators.ts';

/** The flags of a load run beyond those of every sending. */
export interface LoadFlags extends Omit<SendingFlags, 'verbose'> {
  readonly rate?: string;
  readonly concurrency?: string;
  readonly workers?: string;
  readonly count?: string;
  readonly duration?: string;
  readonly mix?: string;
  readonly scenario?: string;
  readonly duplicates?: string;
  readonly forged?: string;
  readonly reorder?: string;
  readonly outage?: string;
  readonly drain?: boolean;
  readonly journal?: string;
  readonly report?: string[];
}

const DEFAULT_DURATION_MS = 10_000;
/** Of each thread: standard streams, the event loop's own, name resolution. */
const OTHER_FILES = 32;
const MOST_AFTER_OUTAGE = 10_000_000;

export function addLoadOptions(command: Command): Command {
  return command
    .option('--rate <n/unit>', 'first attempts a second, minute or hour: 500/s, 30/m (default: all it takes)')
    .option('--concurrency <n>', 'connections, each with one request at a time (default: 50)')
    .option('--workers <n>', 'threads that share the events and the connections (default: 1)')
    .option('--count <n>', 'how many events')
    .option('--duration <time>', 'how long new events are sent, e.g. 30s (default: 10s without --count)')
    .option(
      '--mix <events>',
      'which events, with weights: inquiry.*=8,report/*=1 (default: inquiry.approved)',
    )
    .option('--scenario <name|file>', 'the events of a scenario, story after story, instead of a mix')
    .option('--duplicates <share>', 'deliver this share of the events twice, 0 to 1: the same id and bytes')
    .option('--reorder <n>', 'shuffle the order within windows of so many events')
    .option('--forged <share>', 'give this share of the events a wrong signature: they must be refused')
    .option('--outage <time>', 'deliver what an outage of this length leaves behind, e.g. 2h; needs --rate')
    .option('--no-drain', 'do not wait for retries at the end')
    .option('--seed <number>', 'repeat the ids, the order and the forgeries of an earlier run', wholeNumber)
    .option('--allow-remote', 'send to addresses outside this machine and private networks')
    .option('--insecure', 'accept any TLS certificate')
    .option('--ca <pem>', 'trust the certificate authorities in this file')
    .option('--json', 'one JSON object a second and one for the result on stdout (NDJSON)')
    .option('--journal <file>', 'write everything down, to go on after a crash with hookcast resume')
    .option('--store-secrets', 'keep secrets in the journal or queue too: whoever reads it can sign')
    .option('--report <file>', 'write the result to a file: .html or .json', collect)
    .option('--quiet', 'print nothing but warnings and errors');
}

/** The options of the library. @throws {UsageError} for values and combinations that make no sense */
export function loadOptions(flags: LoadFlags): LoadOptions {
  if (flags.mix !== undefined && flags.scenario !== undefined) {
    throw new UsageError('--mix and --scenario both say which events are sent; choose one');
  }
  const options = {
    ratePerSecond: rateOf(flags.rate),
    concurrency: wholeOf('--concurrency', flags.concurrency),
    workers: wholeOf('--workers', flags.workers),
    count: wholeOf('--count', flags.count),
    durationMs: durationOf('--duration', flags.duration),
    duplicates: shareOf('--duplicates', flags.duplicates),
    forged: shareOf('--forged', flags.forged),
    reorder: wholeOf('--reorder', flags.reorder),
    outageMs: durationOf('--outage', flags.outage),
    drain: flags.drain,
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
  throw new UsageError(
    `--concurrency ${concurrency} needs as many connections, and this process may open only ${limit} files; ` +
      `say --concurrency ${Math.max(1, limit - otherFiles)} or less, or raise the limit (ulimit -n)`,
  );
}

function checkOutage(flags: LoadFlags, lengthMs: number, ratePerSecond: number | undefined): void {
  if (ratePerSecond === undefined) {
    throw new UsageError('--outage needs --rate: how many events would have come while it lasted?');
  }
  for (const name of ['count', 'duration', 'duplicates', 'forged', 'reorder'] as const) {
    if (flags[name] === undefined) continue;
    throw new UsageError(`--outage sends retries of the events of the outage alone; leave --${name} out`);
  }
  const events = eventsInOutage({ lengthMs, ratePerSecond });
  if (events <= MOST_AFTER_OUTAGE) return;
  throw new UsageError(
    `--outage ${flags.outage ?? ''} at ${flags.rate ?? ''} leaves ${events} events behind; at most ${MOST_AFTER_OUTAGE} are kept`,
  );
}

function rateOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const match = /^(\d+(?:\.\d+)?)\/(s|m|h)$/.exec(text);
  const seconds = { s: 1, m: 60, h: 3_600 }[match?.[2] ?? ''];
  const rate = Number(match?.[1]) / (seconds ?? Number.NaN);
  if (rate > 0) return rate;
  const guess = /^\d+(\.\d+)?$/.test(text) && Number(text) > 0 ? `; did you mean ${text}/s?` : '';
  throw new UsageError(`--rate ${text}: expected a number above 0 with a unit: 500/s, 30/m or 100/h${guess}`);
}

function wholeOf(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new UsageError(`${flag} ${text}: expected a whole number from 1`);
}

function durationOf(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const durationMs = parseDurationMs(text);
  if (durationMs !== undefined && durationMs > 0) return durationMs;
  throw new UsageError(`${flag} ${text}: expected a duration above 0, such as 30s, 5m or 2h`);
}

function shareOf(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^(0|1|[01]?\.\d+)$/.test(text) && Number(text) <= 1) return Number(text);
  throw new UsageError(`${flag} ${text}: expected a share from 0 to 1, e.g. 0.05`);
}
