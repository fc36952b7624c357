import type { ChalkInstance } from 'chalk';
import type { CheckReport, ConformanceReport, ReceiverReport } from '../../conformance/report.ts';
import { printable } from '../../text/printable.ts';
import { COLUMNS } from './text-detail.ts';
import { paintVerdict } from './text-paint.ts';
import { groupedBy, VERDICTS } from '../../conformance/standing.ts';

/** This many columns of verdicts leave room for titles; further receivers get another matrix. */
const RECEIVERS_ABREAST = 12;
const CELL = 4;

/** Checks down, receivers across, as numbers that a legend explains. */
export function matrixLines({ receivers }: ConformanceReport, chalk: ChalkInstance): readonly string[] {
  const numbered = receivers.map((receiver, index) => ({ receiver, number: index + 1 }));
  const width = Math.max(...receivers.map(({ name }) => name.length));
  const legend = numbered.map(
    ({ receiver: { name, url }, number }) =>
      `  ${String(number).padStart(2)}  ${printable(`${name.padEnd(width)}  ${url}`, COLUMNS - 6)}`,
  );
  const blocks = chunksOf(numbered, RECEIVERS_ABREAST).flatMap((block) => ['', ...blockLines(block, chalk)]);
  return [...legend, ...blocks];
}

interface Numbered {
  readonly receiver: ReceiverReport;
  readonly number: number;
}

function blockLines(block: readonly Numbered[], chalk: ChalkInstance): readonly string[] {
  const checks = distinctChecks(block.map(({ receiver }) => receiver));
  const head = `  ${' '.repeat(9)}${block.map(({ number }) => String(number).padStart(CELL)).join('')}`;
  return [
    head,
    ...groupedBy(checks, ({ family }) => family).flatMap(([family, members]) => [
      chalk.bold(`  ${family}  ${members[0]?.familyTitle ?? ''}`),
      ...members.map((check) => rowLine(check, block, chalk)),
    ]),
  ];
}

/** Receivers may have been asked different checks: all that any was asked. */
function distinctChecks(receivers: readonly ReceiverReport[]): readonly CheckReport[] {
  const all = receivers.flatMap(({ checks }) => checks);
  return groupedBy(all, ({ id }) => id).flatMap(([, same]) => same.slice(0, 1));
}

function rowLine({ id, title }: CheckReport, block: readonly Numbered[], chalk: ChalkInstance): string {
  const cells = block.map(({ receiver }) => {
    const verdict = receiver.checks.find((check) => check.id === id)?.verdict;
    if (verdict === undefined) return ' '.repeat(CELL);
    return paintVerdict(verdict, VERDICTS[verdict].glyph.padStart(CELL), chalk);
  });
  const room = COLUMNS - 13 - block.length * CELL;
  return `  ${id.padEnd(9)}${cells.join('')}  ${printable(title, room)}`;
}

function chunksOf<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
