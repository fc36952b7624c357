import { FILTER_STYLES } from './html-filter.ts';

/** Contrast of text on its ground is at least 4.5 to 1 in both schemes. */
export const STYLE_SHEET = `
:root {
  color-scheme: light dark;
  --ground: #fff; --text: #1b1f24; --soft: #57606a; --line: #d0d7de; --panel: #f6f8fa; --link: #0550ae;
  --pass: #116329; --pass-ground: #dafbe1; --non-strict: #6f4400; --non-strict-ground: #fff1c2;
  --info: #0550ae; --info-ground: #ddf4ff; --fail: #a40e26; --fail-ground: #ffe3e0;
  --error: #6e36c4; --error-ground: #f3e8ff; --skipped: #57606a; --skipped-ground: #eef1f4;
  --needs-oracle: #0b5c66; --needs-oracle-ground: #d9f5f7;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #0d1117; --text: #e6edf3; --soft: #9da7b1; --line: #30363d; --panel: #161b22; --link: #79c0ff;
    --pass: #7ee787; --pass-ground: #12301a; --non-strict: #f2cc60; --non-strict-ground: #332600;
    --info: #79c0ff; --info-ground: #0c2d4d; --fail: #ffa198; --fail-ground: #461417;
    --error: #d8b9ff; --error-ground: #2f1a4d; --skipped: #9da7b1; --skipped-ground: #21262d;
    --needs-oracle: #76e3ea; --needs-oracle-ground: #0a3237;
  }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1rem; max-width: 72rem; background: var(--ground); color: var(--text);
  font: 16px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
a { color: var(--link); }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 1rem; top: 1rem; padding: .5rem; background: var(--ground); }
h1 { margin: 0; font-size: 1.6rem; }
h2 { margin: 2rem 0 .75rem; font-size: 1.25rem; }
h3 { margin: 1.5rem 0 .5rem; font-size: 1.05rem; }
h4, h5, h6 { margin: 0; font-size: 1rem; }
h5 { margin: 1rem 0 .25rem; font-size: .9rem; }
h6 { margin: .75rem 0 .25rem; font-size: .85rem; }
small, .facts, .url, .took, .legend, footer { color: var(--soft); font-weight: normal; }
.facts { margin: .25rem 0 1rem; }
code, pre, .url { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: .85rem; }
.tallies, .chips { display: flex; flex-wrap: wrap; gap: .35rem; margin: 0; padding: 0; list-style: none; }
.tally, .chip, .badge, .tag { display: inline-block; border: 1px solid currentColor; border-radius: .35rem;
  text-decoration: none; white-space: nowrap; }
.tally { padding: .2rem .6rem; }
.chip { min-width: 3.1rem; padding: .05rem .3rem; text-align: center; font-size: .85rem;
  font-variant-numeric: tabular-nums; }
.is-known { border-style: dashed; }
.tally:hover, .chip:hover { text-decoration: underline; }
.badge { padding: 0 .45rem; font-size: .85rem; }
.tag { padding: 0 .4rem; font-size: .75rem; color: var(--soft); }
table { width: 100%; border-collapse: collapse; }
th, td { padding: .35rem .5rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
.wide { overflow-x: auto; }
.receivers { overflow-wrap: normal; }
.receivers th[scope=row] { min-width: 9rem; overflow-wrap: anywhere; }
.count { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
thead th { font-size: .85rem; }
.glyph { padding: 0 .3rem; border-radius: .25rem; }
.matrix th[scope=row] { width: 22%; min-width: 6rem; font-weight: 600; }
.matrix th small { display: block; }
.matrix .group { padding-top: .9rem; border-bottom: 0; background: none; }
.matrix .group small { display: inline; }
.diagnosis { padding: .75rem 1rem; border-left: 4px solid var(--fail); background: var(--fail-ground); }
.to-fix li { margin: .5rem 0; }
.check { border: 1px solid var(--line); border-radius: .4rem; margin: .4rem 0; scroll-margin-top: 1rem; }
.check:target { outline: 3px solid var(--link); }
summary { cursor: pointer; }
.check > details > summary { display: flex; flex-wrap: wrap; align-items: baseline; gap: .25rem .6rem; padding: .5rem .75rem; }
.check > details > summary::before { content: '▸'; color: var(--soft); }
.check > details[open] > summary::before { content: '▾'; }
.check > details > summary::-webkit-details-marker { display: none; }
.check > details > summary h4 { flex: 1 1 12rem; font-weight: 500; }
.check > details[open] > summary { border-bottom: 1px solid var(--line); background: var(--panel); }
.content { padding: .25rem .75rem .75rem; }
dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .25rem 1rem; margin: .5rem 0; }
dt { color: var(--soft); }
dd { margin: 0; white-space: pre-line; }
pre { margin: 0; padding: .5rem .6rem; border: 1px solid var(--line); background: var(--panel);
  white-space: pre-wrap; max-height: 24rem; overflow: auto; unicode-bidi: plaintext; }
pre.body { border-top: 0; }
.wire { margin: 0; padding-left: 1.6rem; }
.exchange > summary { padding: .15rem 0; }
.no-answer { color: var(--fail); }
.timing { display: block; overflow: hidden; font: 12px system-ui, sans-serif; }
.timing text { fill: var(--text); }
.timing .tick { fill: var(--soft); }
.timing .end { text-anchor: end; }
.timing .answered { fill: var(--info); }
.timing .lost { fill: var(--error); }
.timing .late { fill: var(--fail); }
.timing .axis { stroke: var(--line); }
.timing .limit { stroke: var(--fail); stroke-width: 2; stroke-dasharray: 3 2; }
.legend { margin: .1rem 0; font-size: .8rem; }
.v-pass { color: var(--pass); background: var(--pass-ground); }
.v-non-strict { color: var(--non-strict); background: var(--non-strict-ground); }
.v-info { color: var(--info); background: var(--info-ground); }
.v-fail { color: var(--fail); background: var(--fail-ground); }
.v-error { color: var(--error); background: var(--error-ground); }
.v-skipped { color: var(--skipped); background: var(--skipped-ground); }
.v-needs-oracle { color: var(--needs-oracle); background: var(--needs-oracle-ground); }
${FILTER_STYLES}
@media (max-width: 36rem) {
  body { padding: .75rem; }
  dl { grid-template-columns: minmax(0, 1fr); gap: 0; }
  dd { margin-bottom: .5rem; }
  .matrix th[scope=row] { width: 30%; }
  .matrix th small { font-size: .75rem; }
  .receivers th, .receivers td { padding: .35rem .2rem; }
  .receivers th[scope=row] { min-width: 5.5rem; }
  .word { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
}
@media print {
  body { max-width: none; font-size: 11px; }
  nav, .skip { display: none; }
  details::details-content { content-visibility: visible; display: block; }
  .check, tr { break-inside: avoid; }
  pre { max-height: none; }
  .v-pass, .v-fail, .v-error, .v-info, .v-non-strict, .v-needs-oracle { print-color-adjust: exact; }
}
`;
