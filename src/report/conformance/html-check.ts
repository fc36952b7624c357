import type { CheckReport, ConformanceReport, WireReport } from '../../conformance/report.ts';
import { formatElapsed } from '../duration.ts';
import { markup, type Markup } from './escape-html.ts';
import { exchangeLine, requestText, responseText, type MessageText } from './exchange-text.ts';
import { shownOf, type Extent, type Extents } from './html-extent.ts';
import { timingPicture } from './html-timing.ts';
import { basisText, standingOf, VERDICTS } from '../../conformance/standing.ts';

export interface SectionContext {
  /** Counts from 0: part of the anchor. */
  readonly receiver: number;
  readonly report: ConformanceReport;
  readonly extents: Extents;
}

/** Failures are open; the others open on a click. */
export function checkSection(check: CheckReport, { receiver, report, extents }: SectionContext): Markup {
  const { id, title, level, verdict, isKnown, durationMs } = check;
  const standing = standingOf(check, report);
  const isBad = standing === 'failure' || standing === 'error';
  const open = isBad ? markup` open` : markup``;
  const { glyph, word } = VERDICTS[verdict];
  const known = isKnown ? markup` <span class="tag">known</span>` : markup``;
  return markup`<article class="check is-${verdict}" id="r${receiver}-${id}">
<details${open}>
<summary><span class="badge v-${verdict}">${glyph} ${word}</span> <h4><code>${id}</code> ${title}</h4>${known} <span class="tag">${level}</span> <span class="took">${formatElapsed(durationMs)}</span></summary>
<div class="content">
${factsOf(check)}
${wireOf(check, isBad ? extents.failed : extents.others)}</div>
</details>
</article>
`;
}

function factsOf(check: CheckReport): Markup {
  const facts = {
    Check: `${check.id} ${check.slug}`,
    Sent: check.sends,
    Required: check.requirement,
    Expected: check.expected,
    Actual: check.actual,
    Basis: basisText(check),
    Source: check.source,
    ...(check.verdict === 'pass' ? {} : adviceIn(check)),
    Page: check.fix,
  };
  const rows = Object.entries(facts).map(
    ([term, text]) => markup`<dt>${term}</dt><dd>${text}</dd>
`,
  );
  return markup`<dl>
${rows}<dt>Repeat</dt><dd><code class="command">${check.command}</code></dd>
</dl>`;
}

function adviceIn({ cause, howToFix }: CheckReport): Readonly<Record<string, string>> {
  return {
    ...(cause === null ? {} : { 'A failure usually means': cause }),
    ...(howToFix === null ? {} : { Fix: howToFix }),
  };
}

function wireOf(check: CheckReport, extent: Extent): Markup {
  const { id, wire, durationMs } = check;
  if (wire.length === 0)
    return markup`<p>Nothing was sent.</p>
`;
  const shown = shownOf(check, extent);
  const left = wire.length - shown.length;
  return markup`<h5>Timing</h5>
${timingPicture(shown, { id, durationMs })}
<h5>On the wire</h5>
<ol class="wire">
${shown.map((exchange) => exchangeItem(exchange, extent))}</ol>
${left === 0 ? markup`` : markup`<p>${left} more exchanges are not shown.</p>`}
`;
}

function exchangeItem(exchange: WireReport, { bodyBytes }: Extent): Markup {
  const response = responseText(exchange, bodyBytes);
  const answer =
    response === undefined
      ? markup`<p class="no-answer">${exchange.failure ?? 'no answer'}</p>`
      : messageBlock('Response', response);
  return markup`<li><details class="exchange">
<summary>${exchangeLine(exchange)}</summary>
${messageBlock('Request', requestText(exchange, bodyBytes))}
${answer}
</details></li>
`;
}

/** The line feed after `<pre>` is not shown; without it the first of a text would be lost. */
function messageBlock(name: string, { startLine, headers, body, size }: MessageText): Markup {
  const head = [startLine, ...headers].join('\n');
  const content =
    body === ''
      ? markup``
      : markup`<pre class="body" tabindex="0">
${body}</pre>`;
  return markup`<h6>${name} <small>body: ${size}</small></h6>
<pre tabindex="0">
${head}</pre>
${content}`;
}
