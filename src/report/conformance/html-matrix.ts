import type { CheckReport, ConformanceReport } from '../../conformance/report.ts';
import { markup, type Markup } from './escape-html.ts';
import { groupedBy, VERDICTS } from '../../conformance/standing.ts';

/** Families down, and for each its checks as chips; several receivers stand one below the other. */
export function matrixSection(report: ConformanceReport): Markup {
  const { receivers } = report;
  const first = receivers.length > 1 ? 'Receiver' : 'Family';
  const families = groupedBy(
    receivers.flatMap(({ checks }) => checks),
    ({ family }) => family,
  );
  const rows = families.map(([family, [sample]]) =>
    sample === undefined ? markup`` : familyRows({ family, title: sample.familyTitle }, report),
  );
  return markup`<section aria-labelledby="matrix">
<h2 id="matrix">Verdicts</h2>
<table class="matrix">
<thead><tr><th scope="col">${first}</th><th scope="col">Checks</th></tr></thead>
${rows}</table>
</section>`;
}

function familyRows(
  { family, title }: { readonly family: string; readonly title: string },
  { receivers }: ConformanceReport,
): Markup {
  const isComparison = receivers.length > 1;
  const rows = receivers.map(({ name, checks }, index) => {
    const members = checks.filter((check) => check.family === family);
    const head = isComparison ? markup`${name}` : markup`${family} <small>${title}</small>`;
    return markup`<tr><th scope="row">${head}</th><td><ul class="chips">${members.map((check) => chip(check, index))}</ul></td></tr>
`;
  });
  const heading = isComparison
    ? markup`<tr><th scope="rowgroup" colspan="2" class="group">${family} <small>${title}</small></th></tr>
`
    : markup``;
  return markup`<tbody>
${heading}${rows}</tbody>
`;
}

function chip({ id, title, verdict, isKnown }: CheckReport, receiver: number): Markup {
  const { glyph, word } = VERDICTS[verdict];
  const label = `${id}, ${word}${isKnown ? ' (known)' : ''}: ${title}`;
  return markup`<li><a class="chip v-${verdict}${isKnown ? ' is-known' : ''}" href="#r${receiver}-${id}" title="${label}" aria-label="${label}">${glyph} ${id.split('-')[1]}</a></li>`;
}
