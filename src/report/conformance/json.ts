import { jsonText } from './json-text.ts';
import type { CheckReport, ConformanceReport, ReceiverReport } from '../../conformance/report.ts';

/** The machine format, a contract: docs/reports.md. Members are only ever added. */
export interface JsonReport extends Pick<ConformanceReport, 'schema' | 'seed' | 'startedAt'> {
  readonly receivers: readonly JsonReceiver[];
}

export interface JsonReceiver extends Pick<
  ReceiverReport,
  'name' | 'url' | 'summary' | 'diagnosis' | 'explained'
> {
  readonly checks: readonly JsonCheck[];
}

type Told =
  | ('id' | 'slug' | 'family' | 'title' | 'level' | 'basis' | 'source' | 'requirement')
  | ('verdict' | 'expected' | 'actual' | 'durationMs' | 'cause' | 'howToFix' | 'fix');

/** Durations have three decimals at most. */
export interface JsonCheck extends Pick<CheckReport, Told> {
  /** Expected to fail by a baseline. */
  readonly known: boolean;
  /** The command that repeats this check. */
  readonly repeat: string;
}

export function jsonReport(report: ConformanceReport): string {
  return `${jsonText(toJsonReport(report))}\n`;
}

export function toJsonReport({ schema, seed, startedAt, receivers }: ConformanceReport): JsonReport {
  return { schema, seed, startedAt, receivers: receivers.map(jsonReceiver) };
}

function jsonReceiver({ name, url, summary, checks, diagnosis, explained }: ReceiverReport): JsonReceiver {
  return { name, url, summary, checks: checks.map(jsonCheck), diagnosis, explained };
}

function jsonCheck(check: CheckReport): JsonCheck {
  const { id, slug, family, title, level, basis, source, requirement } = check;
  const { verdict, expected, actual, isKnown: known, cause, howToFix, fix, command: repeat } = check;
  const durationMs = Math.round(check.durationMs * 1000) / 1000;
  return {
    ...{ id, slug, family, title, level, basis, source, requirement },
    ...{ verdict, expected, actual, durationMs, known, cause, howToFix, fix, repeat },
  };
}
