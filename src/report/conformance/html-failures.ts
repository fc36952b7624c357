import type { CheckReport, ConformanceReport, ReceiverReport } from '../../conformance/report.ts';
import { standingOf } from '../../conformance/standing.ts';
import { markup, type Markup } from './escape-html.ts';

/** First of all: what failed, and how to fix it. */
export function failuresSection(report: ConformanceReport): Markup {
  const lists = report.receivers.map((receiver, index) => failuresOf(receiver, { index, report }));
  return lists.every(({ text }) => text === '')
    ? markup``
    : markup`<section aria-labelledby="to-fix">
<h2 id="to-fix">To fix</h2>
${lists}</section>`;
}

function failuresOf(
  receiver: ReceiverReport,
  { index, report }: { readonly index: number; readonly report: ConformanceReport },
): Markup {
  const failed = receiver.checks.filter((check) => standingOf(check, report) === 'failure');
  if (failed.length === 0) return markup``;
  const heading =
    report.receivers.length > 1
      ? markup`<h3>${receiver.name}</h3>
`
      : markup``;
  return markup`${heading}<ul class="to-fix">
${failed.map((check) => failureItem(check, index))}</ul>
`;
}

function failureItem({ id, title, actual, howToFix, fix }: CheckReport, index: number): Markup {
  return markup`<li><a href="#r${index}-${id}"><code>${id}</code> ${title}</a><br>${cut(actual)}<br><strong>Fix:</strong> ${howToFix ?? fix}</li>
`;
}

const ACTUAL_CHARACTERS = 300;

/** In full: the section of the check. */
function cut(text: string): string {
  return text.length > ACTUAL_CHARACTERS ? `${text.slice(0, ACTUAL_CHARACTERS)}…` : text;
}
