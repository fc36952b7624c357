import type { CheckReport, ConformanceReport, ReceiverReport } from '../../conformance/report.ts';
import { formatElapsed } from '../duration.ts';
import { printable } from '../../text/printable.ts';
import { escapeMarkdown } from './escape-markdown.ts';
import {
  adviceOf,
  basisText,
  groupedBy,
  standingOf,
  VERDICT_KINDS,
  VERDICTS,
} from '../../conformance/standing.ts';
import { remedyOf } from './remedy.ts';

/** GitHub refuses a step's summary above 1 MiB altogether. */
export const SUMMARY_LIMIT_BYTES = 1024 * 1024;

/** For a job summary or a comment: everything but what went over the wire. */
export function markdownReport(report: ConformanceReport): string {
  return withinLimit(
    [headOf(report), ...report.receivers.flatMap((receiver) => receiverParts(receiver, report))],
    SUMMARY_LIMIT_BYTES,
  );
}

/** Whole parts as long as they fit, and a word on how many do not. */
function withinLimit(parts: readonly string[], limitBytes: number): string {
  const noteOf = (left: number) => `_Cut: ${left} more parts do not fit; the HTML report has all._\n`;
  const reserve = Buffer.byteLength(noteOf(parts.length));
  let [size, count] = [0, 0];
  for (const part of parts) {
    size += Buffer.byteLength(part) + 1;
    if (size > limitBytes - reserve) break;
    count += 1;
  }
  const left = parts.length - count;
  return [...parts.slice(0, count), ...(left === 0 ? [] : [noteOf(left)])].join('\n');
}

function headOf({ receivers, seed, profile, strict, durationMs }: ConformanceReport): string {
  const kinds = VERDICT_KINDS.map((kind) => `${VERDICTS[kind].glyph} ${VERDICTS[kind].word}`);
  const rows = receivers.map(({ name, summary }) =>
    row([cell(name), ...VERDICT_KINDS.map((kind) => String(summary[kind]))]),
  );
  const mode = strict ? ', strict' : '';
  return [
    '# Conformance',
    '',
    `Profile ${cell(profile)}${mode}, seed ${seed}, ${formatElapsed(durationMs)}.`,
    '',
    row(['receiver', ...kinds]),
    row(['---', ...kinds.map(() => '---:')]),
    ...rows,
    '',
  ].join('\n');
}

function receiverParts(receiver: ReceiverReport, report: ConformanceReport): readonly string[] {
  const failed = receiver.checks.filter((check) =>
    ['failure', 'error', 'known'].includes(standingOf(check, report)),
  );
  const lenient = receiver.checks.filter(
    (check) => check.verdict === 'non-strict' && standingOf(check, report) === 'success',
  );
  return [
    `## ${cell(receiver.name)}\n\nReceiver: ${cell(receiver.url)}\n`,
    ...(receiver.diagnosis === null ? [] : [`**Diagnosis:** ${cell(receiver.diagnosis)}\n`]),
    ...(failed.length === 0 ? ['No failures.\n'] : failed.map(failurePart)),
    ...lenientParts(lenient),
    ...notRunParts(receiver.checks.filter((check) => standingOf(check, report) === 'not-run')),
  ];
}

function failurePart(check: CheckReport): string {
  const { id, title, verdict, isKnown } = check;
  const facts = {
    sent: check.sends,
    expected: check.expected,
    actual: check.actual,
    basis: basisText(check),
    source: check.source,
    ...adviceOf(check),
  };
  const { glyph, word } = VERDICTS[verdict];
  const known = isKnown ? ' (known)' : '';
  return [
    '<details>',
    `<summary>${glyph} ${word}${known}: ${cell(`${id} ${title}`)}</summary>`,
    '',
    ...Object.entries(facts).map(([label, text]) => `- ${label}: ${cell(text)}`),
    `- repeat: <code>${cell(check.command)}</code>`,
    '',
    '</details>',
    '',
  ].join('\n');
}

function lenientParts(checks: readonly CheckReport[]): readonly string[] {
  if (checks.length === 0) return [];
  const items = checks.map(({ id, title, actual }) => `- ${cell(`${id} ${title}: ${actual}`)}`);
  return [`### Not strict\n\n${items.join('\n')}\n`];
}

function notRunParts(checks: readonly CheckReport[]): readonly string[] {
  if (checks.length === 0) return [];
  const items = groupedBy(checks, remedyOf).map(
    ([remedy, members]) => `- ${cell(remedy)}: ${members.map(({ id }) => id).join(', ')}`,
  );
  return [`### Not judged\n\n${items.join('\n')}\n`];
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function cell(text: string): string {
  return escapeMarkdown(printable(text, 2_000));
}
