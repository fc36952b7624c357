import type { CheckReport } from '../../conformance/report.ts';
import { groupedBy, VERDICTS } from '../../conformance/standing.ts';
import { printable } from '../../text/printable.ts';
import type { ReportStyle } from './style.ts';
import { COLUMNS, repeatLines } from './text-detail.ts';
import { paintVerdict } from './text-paint.ts';
import { wrap } from './wrap.ts';

/** What could not be judged for one and the same reason, and what for a reason of its own. */
export function byReason(checks: readonly CheckReport[]) {
  const groups = groupedBy(checks, ({ actual }) => actual).map(([, members]) => members);
  return {
    alike: groups.filter(({ length }) => length > 1),
    apart: groups.filter(({ length }) => length === 1).flat(),
  };
}

/** Once the reason, and the ids. */
export function alikeLines(checks: readonly CheckReport[], { chalk }: ReportStyle): readonly string[] {
  const [first] = checks;
  if (first === undefined) return [];
  const { glyph } = VERDICTS.error;
  const reason = `${checks.length} checks could not be judged: ${printable(first.actual, 400)}`;
  return [
    '',
    ...wrap(reason, { columns: COLUMNS, lead: `  ${glyph} ` }).map((line) =>
      paintVerdict('error', line, chalk),
    ),
    ...wrap(checks.map(({ id }) => id).join(' '), { columns: COLUMNS, lead: '      ' }),
    ...repeatLines(first),
  ];
}
