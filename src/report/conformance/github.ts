import type { CheckReport, ConformanceReport, ReceiverReport } from '../../conformance/report.ts';
import { printable } from '../../text/printable.ts';
import { adviceOf, basisText, countsText, standingOf } from '../../conformance/standing.ts';

/** GitHub shows this many of each kind per step, and silently drops the rest. */
const SHOWN_PER_KIND = 10;

interface Annotation {
  readonly kind: 'error' | 'warning' | 'notice';
  readonly title: string;
  readonly lines: readonly string[];
}

/** Workflow commands, for the log of a GitHub Actions step: they become annotations of the run. */
export function githubReport(report: ConformanceReport): string {
  const annotations = report.receivers.flatMap((receiver) => annotationsOf(receiver, report));
  const errors = annotations.filter(({ kind }) => kind === 'error');
  const warnings = annotations.filter(({ kind }) => kind === 'warning');
  const shown = [...errors.slice(0, SHOWN_PER_KIND), ...warnings.slice(0, SHOWN_PER_KIND)];
  const left = [...errors.slice(SHOWN_PER_KIND), ...warnings.slice(SHOWN_PER_KIND)];
  return [...shown, closing(report, left)].map((annotation) => `${commandOf(annotation)}\n`).join('');
}

function annotationsOf(receiver: ReceiverReport, report: ConformanceReport): readonly Annotation[] {
  const prefix = report.receivers.length > 1 ? `${receiver.name}: ` : '';
  const diagnosis: readonly Annotation[] =
    receiver.diagnosis === null
      ? []
      : [{ kind: 'error', title: `${prefix}diagnosis`, lines: [receiver.diagnosis] }];
  const checks = receiver.checks.flatMap((check): readonly Annotation[] => {
    const kind = kindOf(check, report);
    return kind === undefined ? [] : [annotationOf(check, kind, prefix)];
  });
  return [...diagnosis, ...checks];
}

function kindOf(check: CheckReport, report: ConformanceReport): 'error' | 'warning' | undefined {
  const standing = standingOf(check, report);
  if (standing === 'failure' || standing === 'error') return 'error';
  return standing === 'known' || check.verdict === 'non-strict' ? 'warning' : undefined;
}

function annotationOf(check: CheckReport, kind: 'error' | 'warning', prefix: string): Annotation {
  const { id, title, actual, expected, source, command, isKnown } = check;
  return {
    kind,
    title: `${prefix}${id} ${title}${isKnown ? ' (known)' : ''}`,
    lines: [
      actual,
      `expected: ${expected}`,
      `basis: ${basisText(check)}; ${source}`,
      ...Object.entries(adviceOf(check)).map(([label, text]) => `${label}: ${text}`),
      `repeat: ${command}`,
    ],
  };
}

/** A notice: those have a limit of their own, so that it is always seen. */
function closing({ receivers }: ConformanceReport, left: readonly Annotation[]): Annotation {
  const counts = receivers.map(({ name, summary }) => `${name}: ${countsText(summary)}`);
  const rest = left.length === 0 ? [] : [`${left.length} more: ${left.map(firstWords).join('; ')}`];
  return { kind: 'notice', title: 'hookcast conform', lines: [...counts, ...rest] };
}

function firstWords({ title }: Annotation): string {
  return printable(title, 60);
}

function commandOf({ kind, title, lines }: Annotation): string {
  const message = lines.map((line) => printable(line, 1_000)).join('\n');
  return `::${kind} title=${escapeProperty(printable(title))}::${escapeData(message)}`;
}

/** As GitHub's own toolkit does: a line feed would end the command, and begin one of the receiver's choice. */
export function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

export function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
