import type { VerdictKind } from '../../conformance/check.ts';
import type { CheckReport, ConformanceReport, ReceiverReport } from '../../conformance/report.ts';
import { formatElapsed } from '../duration.ts';
import { printable } from '../../text/printable.ts';
import { COLUMNS, detailLines, pageLines, repeatLines, alikeLines, byReason } from './text-detail.ts';
import { matrixLines } from './text-matrix.ts';
import { paintVerdict } from './text-paint.ts';
import type { ReportStyle } from './style.ts';
import { groupedBy, standingOf, VERDICTS, sumText, type Standing } from '../../conformance/standing.ts';
import { remedyOf } from './remedy.ts';
import { wrap } from './wrap.ts';

/** For a terminal of 80 columns; commands break so that they can be copied. */
export function textReport(report: ConformanceReport, style: ReportStyle): string {
  const { seed, profile, strict, receivers, durationMs } = report;
  const mode = strict ? ', --strict' : '';
  const isComparison = receivers.length > 1;
  return [
    `Conformance: profile ${printable(profile)}${mode}, seed ${seed}, ${formatElapsed(durationMs)}`,
    ...(isComparison ? ['', ...matrixLines(report, style.chalk)] : []),
    ...receivers.flatMap((receiver) => ['', ...receiverLines(receiver, report, style)]),
    '',
  ].join('\n');
}

function receiverLines(
  receiver: ReceiverReport,
  report: ConformanceReport,
  style: ReportStyle,
): readonly string[] {
  const { chalk } = style;
  const having = (standing: Standing, verdict?: VerdictKind) =>
    receiver.checks.filter(
      (check) => standingOf(check, report) === standing && (verdict ?? check.verdict) === check.verdict,
    );
  const isComparison = report.receivers.length > 1;
  const isExplained = explainedBy(receiver).length > 0 && !style.verbose;
  const { alike, apart } = byReason(judged(having('error')));
  const failed = [...having('failure'), ...apart]
    .filter((check) => !explainedBy(receiver).includes(check.id))
    .map((check) => withoutCause(check, receiver));
  return [
    chalk.bold(`${printable(receiver.name)}  ${printable(receiver.url, 1_000)}`),
    ...diagnosisLines(receiver, style),
    ...explainedLines(receiver, style),
    ...(isComparison || isExplained || judged(receiver.checks).length < 2
      ? []
      : familyLines(receiver, style)),
    ...(style.verbose ? everyDetail(receiver, report, style) : failureDetails(failed, style)),
    ...remarkLines('Known to fail (--baseline), not counted:', having('known'), style),
    ...remarkLines('Not strict (a failure with --strict):', having('success', 'non-strict'), style),
    ...remarkLines('Observed:', having('success', 'info'), style),
    ...notRunLines(having('not-run'), style),
    ...unfoundedLines(having('error').filter(isUnfounded)),
    ...(style.verbose ? [] : alike.flatMap((checks) => alikeLines(checks, style))),
    ...digestLines(failed, style),
    '',
    ...summaryLines(receiver, report, style),
    ...diagnosisLines(receiver, style).slice(1),
  ];
}

/** ACK-01 is shown in full: its answer is part of the diagnosis. */
function explainedBy({ explained }: ReceiverReport): readonly string[] {
  return explained.filter((id) => id !== 'ACK-01');
}

/** Failures with one cause: their ids, and how to fix and repeat the most telling of them. */
function explainedLines(receiver: ReceiverReport, { chalk }: ReportStyle): readonly string[] {
  const ids = explainedBy(receiver);
  const telling = receiver.checks.find(({ id }) => id === ids[0]);
  if (telling === undefined) return [];
  if (receiver.explained.includes('ACK-01')) {
    const also = `For the same reason (in full: --verbose): ${ids.join(' ')}`;
    return ['', ...wrap(also, { columns: COLUMNS, lead: '  ' }).map((line) => chalk.red(line))];
  }
  const { howToFix } = telling;
  const failed = ids.length === 1 ? 'this check fails' : `these ${ids.length} checks fail`;
  return [
    '',
    ...wrap(`Therefore ${failed} (each in full: --verbose):`, { columns: COLUMNS, lead: '  ' }),
    ...wrap(ids.join(' '), { columns: COLUMNS, lead: '    ' }).map((line) => chalk.red(line)),
    ...(howToFix === null ? [] : wrap(howToFix, { columns: COLUMNS, lead: '      fix       ' })),
    ...pageLines(telling),
    ...repeatLines(telling),
  ];
}

/** Not run, because the genuine event is refused: one line for all of them. */
function isUnfounded({ verdict, actual }: CheckReport): boolean {
  return verdict === 'error' && actual.startsWith('not run: ');
}

function judged(checks: readonly CheckReport[]): readonly CheckReport[] {
  return checks.filter((check) => !isUnfounded(check));
}

/** The diagnosis is the cause, and says what to change. */
function withoutCause(check: CheckReport, { diagnosis }: ReceiverReport): CheckReport {
  return diagnosis !== null && check.id === 'ACK-01' ? { ...check, cause: null, howToFix: null } : check;
}

function unfoundedLines({ length }: readonly CheckReport[]): readonly string[] {
  if (length === 0) return [];
  return [
    '',
    `  ${length} ${length === 1 ? 'check was' : 'checks were'} not run: no genuine event is accepted`,
  ];
}

const DIGEST_LINES = 12;

/** Several failures do not fit a screen: the last one has a line for each. */
function digestLines(checks: readonly CheckReport[], { chalk }: ReportStyle): readonly string[] {
  if (checks.length < 2) return [];
  const lines = checks
    .slice(0, DIGEST_LINES)
    .map(({ id, verdict, actual }) =>
      paintVerdict(
        verdict,
        printable(`    ${VERDICTS[verdict].glyph} ${id.padEnd(9)}${printable(actual, 400)}`, COLUMNS),
        chalk,
      ),
    );
  const left = checks.length - lines.length;
  const rest = left === 0 ? [] : [`    and ${left} more above`];
  return [
    '',
    chalk.bold('  Failed'),
    ...lines,
    ...rest,
    `  How to fix one: hookcast conform --explain ${checks[0]?.id ?? ''}`,
  ];
}

/** Comes first: a wrong secret or path explains all other failures. */
function diagnosisLines({ diagnosis }: ReceiverReport, { chalk }: ReportStyle): readonly string[] {
  if (diagnosis === null) return [];
  const lines = wrap(printable(diagnosis, 1_000), { columns: COLUMNS, lead: '  Diagnosis: ' });
  return ['', ...lines.map((line) => chalk.yellow(line))];
}

function familyLines({ checks }: ReceiverReport, { chalk }: ReportStyle): readonly string[] {
  return groupedBy(judged(checks), ({ family }) => family).flatMap(([family, members]) => [
    '',
    chalk.bold(`  ${family}  ${members[0]?.familyTitle ?? ''}`),
    ...members.flatMap((check) => checkLines(check, { chalk })),
  ]);
}

/** `    ✓ SIG-04  Body whitespace changed` */
function checkLines(
  { id, title, verdict, isKnown }: CheckReport,
  { chalk }: Pick<ReportStyle, 'chalk'>,
): readonly string[] {
  const lead = `    ${VERDICTS[verdict].glyph} ${id.padEnd(9)}`;
  const lines = wrap(`${title}${isKnown ? ' (known)' : ''}`, { columns: COLUMNS, lead });
  return lines.map((line) => paintVerdict(verdict, line, chalk));
}

function failureDetails(checks: readonly CheckReport[], style: ReportStyle): readonly string[] {
  if (checks.length === 0) return [];
  const curl = '  What went over the wire: --verbose; as curl lines: --save <folder>';
  const isOpen = checks.some(({ verdict }) => verdict === 'needs-oracle');
  const open = `${VERDICTS['needs-oracle'].glyph} marks a forged event that your receiver accepted: answer 4xx, or prove with --oracle-url that nothing was done.`;
  return [
    ...(checks.length > 1 ? ['', style.chalk.bold('  Failures')] : []),
    ...checks.flatMap((check) => ['', ...detailLines(check, style)]),
    '',
    ...(isOpen ? wrap(open, { columns: COLUMNS, lead: '  ' }) : []),
    style.chalk.dim(curl),
  ];
}

function everyDetail(
  { checks }: ReceiverReport,
  report: ConformanceReport,
  style: ReportStyle,
): readonly string[] {
  const run = checks.filter((check) => standingOf(check, report) !== 'not-run');
  if (run.length === 0) return [];
  return ['', style.chalk.bold('  In full'), ...run.flatMap((check) => ['', ...detailLines(check, style)])];
}

function remarkLines(
  heading: string,
  checks: readonly CheckReport[],
  { chalk }: ReportStyle,
): readonly string[] {
  if (checks.length === 0) return [];
  const lines = checks.flatMap(({ id, verdict, title, actual }) =>
    wrap(`${title}: ${printable(actual, 400)}`, {
      columns: COLUMNS,
      lead: `    ${VERDICTS[verdict].glyph} ${id.padEnd(9)}`,
    }),
  );
  return ['', chalk.bold(`  ${heading}`), ...lines];
}

/** By remedy: one flag often brings a dozen checks. */
function notRunLines(checks: readonly CheckReport[], { chalk }: ReportStyle): readonly string[] {
  if (checks.length === 0) return [];
  const groups = groupedBy(checks, (check) => `${check.verdict} ${remedyOf(check)}`);
  const lines = groups.flatMap(([, [first, ...others]]) => {
    if (first === undefined) return [];
    const ids = [first, ...others].map(({ id }) => id).join(' ');
    const { glyph } = VERDICTS[first.verdict];
    return [
      ...wrap(`${printable(remedyOf(first), 400)}:`, { columns: COLUMNS, lead: `    ${glyph} ` }),
      ...wrap(ids, { columns: COLUMNS, lead: '        ' }),
    ];
  });
  return ['', chalk.bold('  Not judged'), ...lines];
}

function summaryLines(
  receiver: ReceiverReport,
  report: ConformanceReport,
  { chalk }: ReportStyle,
): readonly string[] {
  const standings = receiver.checks.map((check) => standingOf(check, report));
  const isBroken = standings.includes('failure') || standings.includes('error');
  const paint = isBroken ? chalk.red : chalk.green;
  const sum = wrap(sumText(receiver, report), { columns: COLUMNS, lead: '  ' }).map((line) => paint(line));
  const notAsked = (report.notAsked ?? []).flatMap((line) => wrap(line, { columns: COLUMNS, lead: '  ' }));
  const isWhole = !isBroken && report.interruptedOf === undefined;
  return [...sum, ...(isWhole ? notAsked.map((line) => chalk.dim(line)) : [])];
}
