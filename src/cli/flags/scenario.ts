import type { Command } from 'commander';
import { parseDurationMs } from '../../delivery/time-scale.ts';
import { UsageError } from '../../errors.ts';
import type { ScenarioHooks, ScenarioOptions } from '../../simulator/scenario.ts';
import { time, wholeNumber } from './event.ts';

/** The flags that say what of a scenario is sent, and in which order it arrives. */
export interface ScenarioFlags {
  readonly only?: string[];
  readonly until?: string;
  readonly shuffle?: boolean;
  readonly duplicates?: string;
  readonly jitter?: string;
  readonly concurrency?: string;
  readonly referenceId?: string;
  readonly seed?: number;
  readonly at?: Date;
}

export function addScenarioOptions(command: Command): Command {
  return command
    .option('--only <events>', 'only these events, with commas between', names)
    .option('--until <event>', 'nothing after the first event of this name')
    .option('--shuffle', 'send the events in an order that is drawn; their times stay what they are')
    .option('--duplicates <probability>', 'send each event again, 0 to 1: the same bytes, up to 10 s later')
    .option('--jitter <duration>', 'send each event late by up to this much, e.g. 30s')
    .option('--concurrency <n>', 'how many requests may be under way at a time (default: 1)')
    .option('--reference-id <text>', 'your own id of the person: reference-id of every inquiry and account')
    .option('--seed <number>', 'repeat the ids and the order of an earlier run', wholeNumber)
    .option('--at <time>', 'when the first event happened: ISO 8601 or unix seconds', time);
}

function names(list: string, previous: readonly string[] = []): string[] {
  return [...previous, ...list.split(',').map((name) => name.trim())];
}

/** The options of the library. @throws {UsageError} for a value that cannot be read */
export function scenarioOptions(flags: ScenarioFlags): ScenarioOptions & ScenarioHooks {
  const { only, until, shuffle, at, referenceId } = flags;
  const duplicates = probabilityOf('--duplicates', flags.duplicates);
  const concurrency = countOf('--concurrency', flags.concurrency);
  return { only, until, shuffle, duplicates, jitterMs: jitterMs(flags), concurrency, at, referenceId };
}

function probabilityOf(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^(0|1|[01]?\.\d+)$/.test(text) && Number(text) <= 1) return Number(text);
  throw new UsageError(`${flag} ${text}: expected a probability from 0 to 1, e.g. 0.2`);
}

/** A whole number from 1. @throws {UsageError} */
export function countOf(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw new UsageError(`${flag} ${text}: expected a whole number from 1`);
}

function jitterMs({ jitter }: ScenarioFlags): number | undefined {
  if (jitter === undefined) return undefined;
  const durationMs = parseDurationMs(jitter);
  if (durationMs !== undefined) return durationMs;
  throw new UsageError(`--jitter ${jitter}: expected a duration such as 500ms, 30s or 2m`);
}
