import { FAMILIES, familyOf, type Basis, type Family, type Level, type VerdictKind } from './check.ts';
import { fixUrl } from '../text/docs-url.ts';
import { checkPage } from './check-page.ts';
import { describeExchange } from './kit/expect.ts';
import { bodyOf, type WireRecord } from '../http/wire.ts';
import type { CheckResult } from './run-check.ts';

/** All answers together: what every report format is made from. Counts and texts only, no live objects. */
export interface ConformanceReport {
  readonly schema: 'hookcast-report/1';
  readonly seed: number;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly durationMs: number;
  readonly profile: string;
  /** Does `non-strict` count as a failure? */
  readonly strict: boolean;
  readonly receivers: readonly ReceiverReport[];
  /** What this run left out, in sentences for people; absent where checks were chosen by name. */
  readonly notAsked?: readonly string[];
  /** Ctrl-C ended the run; this many checks were to be run for each receiver. */
  readonly interruptedOf?: number;
}

export interface ReceiverReport {
  /** As the user called it: `--to a=http://…`; the host otherwise. */
  readonly name: string;
  readonly url: string;
  readonly summary: Readonly<Record<VerdictKind, number>>;
  readonly checks: readonly CheckReport[];
  /** The one cause of what failed, in one sentence; null where none is known. */
  readonly diagnosis: string | null;
  /** Ids of the failed checks that the diagnosis explains, the most telling first. */
  readonly explained: readonly string[];
}

export interface CheckReport {
  readonly id: string;
  readonly slug: string;
  readonly family: Family;
  readonly familyTitle: string;
  readonly title: string;
  readonly level: Level;
  readonly basis: Basis;
  readonly source: string;
  readonly sends: string;
  readonly requirement: string;
  readonly verdict: VerdictKind;
  readonly expected: string;
  readonly actual: string;
  readonly durationMs: number;
  /** Milliseconds since the run began. */
  readonly startedMs: number;
  /** Known to fail (`--baseline`): counts neither as failure nor as pass. */
  readonly isKnown: boolean;
  /** What a failure usually means, in one line; null where no page says so. */
  readonly cause: string | null;
  /** What to change, in one line; null where no page says so. */
  readonly howToFix: string | null;
  /** The page with code for it: a URL with an anchor. */
  readonly fix: string;
  /** Repeats this check by hand, signed again. */
  readonly command: string;
  readonly wire: readonly WireReport[];
}

export interface WireReport {
  readonly label: string;
  /** Milliseconds since the check began. */
  readonly startedMs: number;
  readonly durationMs: number;
  readonly request: {
    readonly method: string;
    readonly url: string;
    readonly headers: readonly (readonly [string, string])[];
    readonly body: Buffer;
  };
  readonly response?: {
    readonly status: number;
    readonly headers: readonly (readonly [string, string])[];
    readonly body: Buffer;
    readonly truncated: boolean;
  };
  /** What happened instead of a response: `no answer (ECONNRESET)`. */
  readonly failure?: string;
}

/** What a check result is, for people and programs. */
export function checkReport(
  { check, verdict, startedAtMs, durationMs, wire }: CheckResult,
  run: {
    readonly startedAtMs: number;
    readonly command: string;
    readonly isKnown: boolean;
    /** Takes the receiver's secret out of a text; bytes are given as Latin-1. */
    readonly scrub: (text: string) => string;
  },
): CheckReport {
  const family = familyOf(check);
  const { id, slug, title, level, basis, source, sends, requirement } = check;
  const { cause, howToFix } = checkPage(id);
  return {
    ...{ id, slug, family, familyTitle: FAMILIES[family], title, level, basis, source, sends, requirement },
    verdict: verdict.kind,
    expected: run.scrub(verdict.expected),
    actual: run.scrub(verdict.actual),
    durationMs,
    startedMs: startedAtMs - run.startedAtMs,
    isKnown: run.isKnown,
    cause: cause ?? null,
    howToFix: howToFix ?? null,
    fix: fixUrl(id),
    command: run.command,
    wire: wire.map((record) => wireReport(record, run.scrub)),
  };
}

function wireReport(
  { label, request, exchange, startedMs }: WireRecord,
  scrub: (text: string) => string,
): WireReport {
  const scrubBody = (body: Buffer) => Buffer.from(scrub(body.toString('latin1')), 'latin1');
  const scrubHeader = ([name, value]: readonly [string, string]) => [name, scrub(value)] as const;
  const { method, url, headers } = request;
  const common = {
    label,
    startedMs,
    durationMs: exchange.timings.totalMs,
    request: { method, url: url.href, headers: headers.map(scrubHeader), body: scrubBody(bodyOf(request)) },
  };
  if (exchange.kind !== 'response') return { ...common, failure: describeExchange(exchange) };
  const { status, body, truncated } = exchange.response;
  const answerHeaders = Object.entries(exchange.response.headers).flatMap(([name, value]) =>
    [value].flat().map((one) => scrubHeader([name, one])),
  );
  return { ...common, response: { status, headers: answerHeaders, body: scrubBody(body), truncated } };
}

export function summaryOf(checks: readonly Pick<CheckReport, 'verdict'>[]): Record<VerdictKind, number> {
  const summary = { pass: 0, 'non-strict': 0, info: 0, fail: 0, error: 0, skipped: 0, 'needs-oracle': 0 };
  for (const { verdict } of checks) summary[verdict] += 1;
  return summary;
}
