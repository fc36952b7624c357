// The results as Markdown: the same on the screen and in the file.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os';
import { isPinned } from './pin.js';
import { median } from './rounds.js';

const HOW_TO_READ = `All are ratios of medians: each contestant is a process of its own, and in each round every one of them runs
once, measured from two seconds after its first request, so that a slow minute of the machine hits all. A ratio can be compared between
machines, a rate cannot. All send the same headers, so that the wire has the same to carry. The rates are counted by the receiver, a sink that costs next to nothing. In brackets: the
smallest and the largest of the rounds. Where they lie far apart, other work ran on the machine; then look at the
processor time for a request, which that changes less, and measure again. Where that time goes:
[Sending in volume](../docs/decisions/2026-11-volume.md).`;

/** @param sections - `{ rows, laps }` of the comparisons that were made */
export function report(sections, { command, seconds }) {
  const rows = sections.flatMap((section) => section.rows);
  const laps = Object.assign({}, ...sections.map((section) => section.laps));
  return [
    '# Results\n',
    `\`${command}\`, ${new Date().toISOString().slice(0, 10)}, ${Math.round(seconds)} s\n`,
    table(['goal', 'limit', 'measured', 'met'], rows.map(goalCells)),
    ...(Object.keys(laps).length === 0 ? [] : [rateTable(laps)]),
    `## How to read it\n\n${HOW_TO_READ}\n`,
    `## Where\n\n${machine()
      .map((line) => `- ${line}`)
      .join('\n')}\n`,
  ].join('\n');
}

const WORDS = { true: 'yes', false: '**no**', undefined: '' };

function goalCells({ goal, reason, limit, measured, rounds = [], unit = '', of, isMet }) {
  if (reason !== undefined) return [goal, '', `not measured: ${reason}`, ''];
  const withUnit = (value) => `${value.toFixed(2)} ${unit}`.trim();
  const range = rounds.length === 0 ? '' : ` (${rangeOf(rounds, 2)}${of === 'rounds' ? '' : `, ${of}`})`;
  return [goal, `${limit} ${unit}`.trim(), `${withUnit(measured)}${range}`, WORDS[String(isMet)]];
}

function rateTable(laps) {
  const rows = Object.entries(laps).map(([name, { rates, costsUs }]) => [
    name,
    `${Math.round(median(rates))} (${rangeOf(rates, 0)})`,
    `${median(costsUs).toFixed(1)} (${rangeOf(costsUs, 1)})`,
  ]);
  return table(['sender', 'requests a second', 'processor time for a request, us'], rows);
}

function rangeOf(values, digits) {
  return `${Math.min(...values).toFixed(digits)}-${Math.max(...values).toFixed(digits)}`;
}

function table(head, rows) {
  const widths = head.map((name, column) => Math.max(name.length, ...rows.map((row) => row[column].length)));
  const line = (cells) => `| ${cells.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`;
  return `${[line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n')}\n`;
}

function machine() {
  const versionOf = (path) => JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')).version;
  return [
    `${cpus()[0].model.trim()}, ${availableParallelism()} cores, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, ${type()} ${release()}`,
    `load average of the last minute at the end: ${loadavg()[0].toFixed(1)}; on a machine that is left alone it stays below 3`,
    `${isPinned ? 'each process on one core, the sink on another' : 'not pinned: no taskset'}`,
    `Node ${process.version}, hookcast ${versionOf('../../package.json')}, undici ${versionOf('../../node_modules/undici/package.json')}, autocannon ${versionOf('../../node_modules/autocannon/package.json')}, wrk ${wrkVersion()}`,
    'senders: `node bench/contestants/hookcast.js [--workers n] [--journal]`, `node bench/rivals/*.js`, `wrk -t1 -c50 -s bench/rivals/wrk.lua`, each with BENCH_URL',
  ];
}

/** It says its version with exit code 1. */
function wrkVersion() {
  try {
    return execFileSync('wrk', ['-v'], { stdio: 'pipe' }).toString();
  } catch (error) {
    return /wrk (\S+)/.exec(String(error.stdout))?.[1] ?? 'not installed';
  }
}
