import type { CheckReport, ConformanceReport, ReceiverReport } from '../../conformance/report.ts';
import { printable, unicodeEscape } from '../../text/printable.ts';
import { basisText, standingOf, type Standing } from '../../conformance/standing.ts';
import { remedyOf } from './remedy.ts';

/** TAP version 14: a subtest per receiver. */
export function tapReport(report: ConformanceReport): string {
  const { seed, profile, receivers } = report;
  return [
    'TAP version 14',
    comment(`hookcast conform: profile ${profile}, seed ${seed}`),
    `1..${receivers.length}`,
    ...receivers.flatMap((receiver, index) => receiverLines(receiver, index + 1, report)),
    '',
  ].join('\n');
}

function receiverLines(
  receiver: ReceiverReport,
  number: number,
  report: ConformanceReport,
): readonly string[] {
  const isOk = !receiver.checks.some((check) => FAILED.includes(standingOf(check, report)));
  const inner = [
    comment(receiver.url),
    ...(receiver.diagnosis === null ? [] : [comment(`diagnosis: ${receiver.diagnosis}`)]),
    `1..${receiver.checks.length}${receiver.checks.length === 0 ? ' # SKIP no checks' : ''}`,
    ...receiver.checks.flatMap((check, index) => checkLines(check, index + 1, report)),
  ];
  return [
    comment(`Subtest: ${receiver.name}`),
    ...inner.map((line) => `    ${line}`),
    `${isOk ? 'ok' : 'not ok'} ${number} - ${escapeTap(receiver.name)}`,
  ];
}

/** A known failure is `not ok` with a directive: harnesses do not count it. */
const FAILED: readonly Standing[] = ['failure', 'error'];
const NOT_OK: readonly Standing[] = [...FAILED, 'known'];

function checkLines(check: CheckReport, number: number, report: ConformanceReport): readonly string[] {
  const standing = standingOf(check, report);
  const result = NOT_OK.includes(standing) ? 'not ok' : 'ok';
  const line = `${result} ${number} - ${escapeTap(`${check.id} ${check.title}`)}`;
  if (standing === 'not-run') return [`${line} # SKIP ${escapeTap(remedyOf(check))}`];
  const directive = standing === 'known' ? ' # TODO known to fail' : '';
  return [line + directive, ...(check.verdict === 'pass' ? [] : diagnosticLines(check))];
}

function diagnosticLines(check: CheckReport): readonly string[] {
  const members = {
    verdict: check.verdict,
    actual: check.actual,
    expected: check.expected,
    basis: basisText(check),
    source: check.source,
    duration_ms: Math.round(check.durationMs),
    ...(check.cause === null ? {} : { cause: check.cause }),
    ...(check.howToFix === null ? {} : { how_to_fix: check.howToFix }),
    fix: check.fix,
    repeat: check.command,
  };
  const lines = Object.entries(members).map(([key, value]) => `${key}: ${yamlScalar(value)}`);
  return ['---', ...lines, '...'].map((line) => `  ${line}`);
}

/** A JSON text is a double-quoted YAML scalar, once what YAML calls unprintable is escaped too. */
function yamlScalar(value: string | number): string {
  return JSON.stringify(value).replace(/[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g, unicodeEscape);
}

/** For descriptions and reasons: an unescaped `#` would begin a directive. */
export function escapeTap(text: string): string {
  return wellFormed(printable(text, 500)).replace(/[\\#]/g, '\\$&');
}

function comment(text: string): string {
  return `# ${wellFormed(printable(text, 500))}`;
}

function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\ufffd');
}
