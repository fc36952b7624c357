import type { ConformanceReport } from '../../conformance/report.ts';
import { markup, type Markup } from './escape-html.ts';
import { VERDICT_KINDS, VERDICTS } from '../../conformance/standing.ts';

/** Without a script: an anchor per verdict encloses all checks, and while it is the target hides the others. */
export function nestedForFilter(checks: Markup): Markup {
  const nested = VERDICT_KINDS.reduce((inner, kind) => markup`<div id="only-${kind}">${inner}</div>`, checks);
  return markup`<div id="checks">${nested}</div>`;
}

/** Headings without checks go too, where the browser knows `:has`; and the page says what it leaves out. */
export const FILTER_STYLES = VERDICT_KINDS.map(
  (kind) => `#only-${kind}:target .check:not(.is-${kind}) { display: none; }
#only-${kind}:target .family:not(:has(.is-${kind})) { display: none; }
#only-${kind}:target::before { content: 'Shown: only ${VERDICTS[kind].glyph} ${VERDICTS[kind].word}'; color: var(--soft); }`,
).join('\n');

export function filterNavigation({ receivers }: ConformanceReport): Markup {
  const links = VERDICT_KINDS.map((kind) => {
    const count = receivers.reduce((sum, { summary }) => sum + summary[kind], 0);
    const { glyph, word, meaning } = VERDICTS[kind];
    return markup`<li><a class="tally v-${kind}" href="#only-${kind}" title="${meaning}"><span aria-hidden="true">${glyph}</span> <b>${count}</b> ${word}</a></li>
`;
  });
  return markup`<nav aria-label="Show only one verdict">
<ul class="tallies">
${links}<li><a class="tally" href="#checks">show all</a></li>
</ul>
</nav>`;
}
