import type { ChalkInstance } from 'chalk';
import type { DurationSummary } from '../../load/result.ts';
import { formatElapsed } from '../duration.ts';
import { printable } from '../../text/printable.ts';
import { table } from '../text.ts';
import { roundBins } from './bins.ts';
import {
  exampleText,
  factsOf,
  VERDICT_WORDS,
  verdictOf,
  warningsOf,
  grouped,
  type LoadReport,
} from './facts.ts';

const BAR_CELLS = 40;
const SHOWN_EXAMPLES = 5;
const COLUMNS = 80;

/** The end of a load run, for a terminal of 80 columns. */
export function loadText(report: LoadReport, chalk: ChalkInstance): string {
  const verdict = verdictOf(report);
  const paint = { ok: chalk.green, stopped: chalk.yellow, failed: chalk.red }[verdict];
  const sections = [
    paint(VERDICT_WORDS[verdict]),
    ...factsOf(report).map(([name, text]) => `  ${name.padEnd(11)} ${text}`),
    ...timesOf(report),
    ...histogramOf(report),
    ...warningsOf(report).map((warning) => chalk.yellow(`! ${warning}`)),
    ...examplesOf(report, chalk),
  ];
  return sections.join('\n');
}

function timesOf({ responseTime, latency, lateness, ratePerSecond, result }: LoadReport): string[] {
  const rows = [
    ...row('response time', responseTime),
    ...(ratePerSecond === undefined && result.retries === 0 ? [] : row('from due time', latency)),
    ...row('retries late by', lateness),
  ];
  if (rows.length === 0) return [];
  const text = table([['', 'p50', 'p90', 'p99', 'p99.9', 'max'], ...rows]);
  return ['', ...text.split('\n').map((line) => `  ${line}`)];
}

function row(name: string, summary: DurationSummary | undefined): string[][] {
  if (summary === undefined) return [];
  const { p50Ms, p90Ms, p99Ms, p999Ms, maxMs } = summary;
  return [[name, ...[p50Ms, p90Ms, p99Ms, p999Ms, maxMs].map(formatElapsed)]];
}

function histogramOf({ result }: LoadReport): string[] {
  const bins = roundBins(result.latency);
  const most = Math.max(1, ...bins.map(({ count }) => count));
  const widest = Math.max(0, ...bins.map(({ toMs }) => formatElapsed(toMs).length));
  const lines = bins.map(({ toMs, count }) => {
    const cells = count === 0 ? 0 : Math.max(1, Math.round((count / most) * BAR_CELLS));
    return `  to ${formatElapsed(toMs).padStart(widest)} |${'#'.repeat(cells).padEnd(BAR_CELLS)} ${grouped(count)}`;
  });
  return bins.length === 0 ? [] : ['', ...lines, ''];
}

function examplesOf(report: LoadReport, chalk: ChalkInstance): string[] {
  const { examples } = report.result;
  if (examples.length === 0) return [];
  const lines = examples.slice(0, SHOWN_EXAMPLES).flatMap((example) => wrapped(exampleText(example, report)));
  return [chalk.dim('what failed, for example:'), ...lines];
}

/** At the last space before the edge of the screen, indented. */
function wrapped(text: string): string[] {
  const [first = '', ...rest] = printable(text, 400).match(/.{1,74}(?:\s|$)|\S+/g) ?? [];
  return [`  - ${first.trimEnd()}`, ...rest.map((line) => `    ${line.trimEnd()}`)].map((line) =>
    line.slice(0, COLUMNS),
  );
}
