import type { Basis, Family, Level, VerdictKind } from '../../conformance/check.ts';
import { jsonText } from './json-text.ts';
import type { CheckReport, ConformanceReport, ReceiverReport } from '../../conformance/report.ts';

/** The machine format, a contract: docs/reports.md. Members are only ever added. */
export interface JsonReport {
  readonly schema: 'hookcast-report/1';
  readonly seed: number;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly receivers: readonly JsonReceiver[];
}

export interface JsonReceiver {
  readonly name: string;
  readonly url: string;
  readonly summary: Readonly<Record<VerdictKind, number>>;
  readonly checks: readonly JsonCheck[];
  readonly diagnosis: string | null;
  /** Ids of the failed checks that the diagnosis explains. */
  readonly explained: readonly string[];
}

export interface JsonCheck {
  readonly id: string;
  readonly slug: string;
  readonly family: Family;
  readonly title: string;
  readonly level: Level;
  readonly basis: Basis;
  readonly source: string;
  readonly requirement: string;
  readonly verdict: VerdictKind;
  readonly expected: string;
  readonly actual: string;
  /** With three decimals at most. */
  readonly durationMs: number;
  /** Expected to fail by a baseline. */
  readonly known: boolean;
  /** What a failure usually means. */
  readonly cause: string | null;
  /** What to change after a failure. */
  readonly howToFix: string | null;
  /** The page with code for it: a URL with an anchor. */
  readonly fix: string;
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
