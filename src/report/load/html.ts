import type { DurationSummary } from '../../load/result.ts';
import { markup, pageOf, type Markup } from '../conformance/escape-html.ts';
import { formatElapsed } from '../duration.ts';
import { exampleText, factsOf, VERDICT_WORDS, verdictOf, warningsOf, type LoadReport } from './facts.ts';
import { STYLE_SHEET } from './html-style.ts';
import { distributionPicture, ratePicture } from './svg.ts';

/** One page that loads nothing and runs nothing. */
export function loadHtml(report: LoadReport): string {
  const { result, policy, seed, url, concurrency } = report;
  const time = new Date(result.startedAtMs).toISOString();
  const verdict = verdictOf(report);
  const body = markup`<header>
<h1>Load report</h1>
<p class="facts">${url} · policy ${policy.name} · ${concurrency} connections · seed ${seed} · <time datetime="${time}">${time.replace('T', ' ').slice(0, 16)} UTC</time></p>
<p class="verdict ${verdict}">${VERDICT_WORDS[verdict]}</p>
${warningsOf(report).map(
  (warning) => markup`<p class="warning" role="note">${warning}</p>
`,
)}</header>
<main>
${factsTable(report)}
${latencySection(report)}
<h2>Rate</h2>
${ratePicture(result.seconds, result.endedAtMs - result.startedAtMs)}
<p class="legend">Attempts a second. Dashed: left. Green: accepted. Red: failed.</p>
${examplesSection(report)}
</main>
<footer><p>hookcast</p></footer>`;
  return pageOf(`Load report: ${url}`, STYLE_SHEET, body);
}

function factsTable(report: LoadReport): Markup {
  const rows = factsOf(report).map(
    ([name, text]) => markup`<tr><th scope="row">${name}</th><td>${text}</td></tr>
`,
  );
  return markup`<h2>What happened</h2>
<table>
${rows}</table>`;
}

function latencySection({ result, responseTime, latency, lateness }: LoadReport): Markup {
  if (latency === undefined) return markup``;
  const rows = [
    timesRow('response time', responseTime),
    timesRow('latency, from the due time', latency),
    timesRow('retries late by', lateness),
  ];
  return markup`<h2>Latency</h2>
<div class="wide" role="region" aria-label="Latency" tabindex="0">
<table class="times">
<thead><tr><td></td>${['p50', 'p90', 'p99', 'p99.9', 'max'].map((name) => markup`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>
${rows}</tbody>
</table>
</div>
${distributionPicture(result.latency, latency)}
<p class="legend">Attempts by their latency, from the time when they were due to the complete answer or the limit.</p>`;
}

function timesRow(name: string, summary: DurationSummary | undefined): Markup {
  if (summary === undefined) return markup``;
  const { p50Ms, p90Ms, p99Ms, p999Ms, maxMs } = summary;
  const cells = [p50Ms, p90Ms, p99Ms, p999Ms, maxMs].map((ms) => markup`<td>${formatElapsed(ms)}</td>`);
  return markup`<tr><th scope="row">${name}</th>${cells}</tr>
`;
}

function examplesSection(report: LoadReport): Markup {
  const { examples } = report.result;
  if (examples.length === 0) return markup``;
  const items = examples.map(
    (example) => markup`<li>${exampleText(example, report)}</li>
`,
  );
  return markup`<h2>What failed, for example</h2>
<ul>
${items}</ul>`;
}
