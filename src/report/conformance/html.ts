import type { ConformanceReport, ReceiverReport } from '../../conformance/report.ts';
import { formatElapsed } from '../duration.ts';
import { markup, pageOf, type Markup } from './escape-html.ts';
import { checkSection, type SectionContext } from './html-check.ts';
import { EXTENTS, PAGE_BYTES, type Extents } from './html-extent.ts';
import { failuresSection } from './html-failures.ts';
import { filterNavigation, nestedForFilter } from './html-filter.ts';
import { matrixSection } from './html-matrix.ts';
import { STYLE_SHEET } from './html-style.ts';
import { groupedBy, VERDICT_KINDS, VERDICTS } from '../../conformance/standing.ts';

/** One page that loads nothing, runs nothing and sends nothing: it shows what a stranger's server answered. */
export function htmlReport(report: ConformanceReport): string {
  let page = '';
  for (const extents of EXTENTS) {
    page = pageWith(report, extents);
    if (Buffer.byteLength(page) <= PAGE_BYTES) break;
  }
  return page;
}

function pageWith(report: ConformanceReport, extents: Extents): string {
  const body = markup`<a class="skip" href="#checks">Skip to the checks</a>
<header>
<h1>Conformance report</h1>
<p class="facts">${factsOf(report)}</p>
${filterNavigation(report)}
</header>
<main>
${report.receivers.map(diagnosisOf)}
${failuresSection(report)}
${receiversTable(report)}
${matrixSection(report)}
${nestedForFilter(checksOf(report, extents))}
</main>
<footer><p>hookcast, seed ${report.seed}. Grades are hookcast's own; the basis of each check says what Persona says.</p></footer>`;
  const names = report.receivers.map(({ name }) => name).join(', ');
  return pageOf(`Conformance report: ${names}`, STYLE_SHEET, body);
}

function factsOf({ startedAt, durationMs, profile, strict, seed }: ConformanceReport): Markup {
  const mode = strict ? ', strict' : '';
  const time = startedAt.replace('T', ' ').slice(0, 16);
  return markup`Profile ${profile}${mode} · seed ${seed} · <time datetime="${startedAt}">${time} UTC</time> · took ${formatElapsed(durationMs)}`;
}

/** The columns say by a glyph and a word what the numbers count. */
function receiversTable({ receivers }: ConformanceReport): Markup {
  const heads = VERDICT_KINDS.map(
    (kind) =>
      markup`<th scope="col" class="count"><span class="glyph v-${kind}" aria-hidden="true">${VERDICTS[kind].glyph}</span> <span class="word">${VERDICTS[kind].word}</span></th>`,
  );
  const rows = receivers.map(
    ({ name, url, summary }, index) => markup`<tr>
<th scope="row"><a href="#r${index}">${name}</a><br><span class="url">${url}</span></th>
${VERDICT_KINDS.map((kind) => markup`<td class="count">${summary[kind]}</td>`)}
</tr>
`,
  );
  return markup`<section aria-labelledby="receivers">
<h2 id="receivers">Receivers</h2>
<div class="wide" role="region" aria-labelledby="receivers" tabindex="0">
<table class="receivers">
<thead><tr><th scope="col">Receiver</th>${heads}</tr></thead>
<tbody>
${rows}</tbody>
</table>
</div>
</section>`;
}

function diagnosisOf({ name, diagnosis }: ReceiverReport): Markup {
  if (diagnosis === null) return markup``;
  return markup`<p class="diagnosis" role="note"><strong>Diagnosis of ${name}:</strong> ${diagnosis}</p>
`;
}

function checksOf(report: ConformanceReport, extents: Extents): Markup {
  const receivers = report.receivers.map(
    (receiver, index) => markup`<section class="receiver" id="r${index}" aria-labelledby="r${index}-name">
<h2 id="r${index}-name">Checks of ${receiver.name}</h2>
${familiesOf(receiver, { receiver: index, report, extents })}</section>
`,
  );
  return markup`${receivers}`;
}

function familiesOf({ checks: all }: ReceiverReport, place: SectionContext): readonly Markup[] {
  return groupedBy(all, ({ family }) => family).map(
    ([family, checks]) => markup`<section class="family" id="r${place.receiver}-${family}">
<h3>${family} <small>${checks[0]?.familyTitle}</small></h3>
${checks.map((check) => checkSection(check, place))}</section>
`,
  );
}
