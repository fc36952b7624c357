/** Contrast of text on its ground is at least 4.5 to 1 in both schemes. */
export const STYLE_SHEET = `
:root { color-scheme: light dark; --ground: #fff; --text: #1b1f24; --soft: #57606a; --line: #d0d7de;
  --bar: #0969da; --good: #1a7f37; --bad: #cf222e; --note: #fff1c2; --note-text: #6f4400; }
@media (prefers-color-scheme: dark) {
  :root { --ground: #0d1117; --text: #e6edf3; --soft: #9da7b1; --line: #30363d;
    --bar: #58a6ff; --good: #3fb950; --bad: #ff7b72; --note: #332600; --note-text: #f2cc60; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1rem; max-width: 64rem; background: var(--ground); color: var(--text);
  font: 16px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { margin: 0; font-size: 1.6rem; }
h2 { margin: 2rem 0 .5rem; font-size: 1.2rem; }
.facts, .legend, footer, caption { color: var(--soft); }
.facts { margin: .25rem 0 1rem; }
.verdict { font-weight: 600; }
.verdict.ok { color: var(--good); }
.verdict.failed { color: var(--bad); }
.warning { padding: .5rem .75rem; background: var(--note); color: var(--note-text); border-radius: .35rem; }
table { border-collapse: collapse; width: 100%; }
th, td { padding: .3rem .6rem .3rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
.times td { font-variant-numeric: tabular-nums; }
.wide { overflow-x: auto; }
svg { display: block; width: 100%; height: auto; }
svg text { fill: var(--soft); font: 12px system-ui, sans-serif; }
svg .end { text-anchor: end; }
svg .middle { text-anchor: middle; }
.axis { stroke: var(--line); stroke-width: 1; }
.bar { fill: var(--bar); }
.mark { stroke: var(--text); stroke-width: 1; stroke-dasharray: 3 3; }
.sent { fill: none; stroke: var(--soft); stroke-width: 1.5; stroke-dasharray: 4 3; }
.accepted { fill: none; stroke: var(--good); stroke-width: 2; }
.failed-line { fill: none; stroke: var(--bad); stroke-width: 2; }
`;
