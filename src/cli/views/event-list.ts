import type { ChalkInstance } from 'chalk';
import { wrap } from '../../text/wrap.ts';

/** One event as `hookcast events` shows it, and as its `--json` prints it. */
export interface EventRow {
  readonly name: string;
  readonly family: string;
  readonly fixture: boolean;
  /** Of the object that the event is about; absent without a fixture, like `trigger`. */
  readonly type?: string;
  readonly trigger?: string;
}

interface Page {
  readonly columns: number;
  readonly chalk: ChalkInstance;
}

/** Where the text beside a name would be narrower than this, or than its longest word, it goes below the name. */
const NARROWEST = 24;

/** The lines of the list: a heading per family, under it a row per event. */
export function eventListLines(rows: readonly EventRow[], page: Page): string[] {
  const families = new Map<string, EventRow[]>();
  for (const row of rows) families.set(row.family, [...(families.get(row.family) ?? []), row]);
  return [...families].flatMap(([family, members], index) => [
    ...(index === 0 ? [] : ['']),
    page.chalk.bold(family),
    ...familyLines(members, page),
  ]);
}

function familyLines(rows: readonly EventRow[], { columns, chalk }: Page): string[] {
  const beside = Math.max(...rows.map(({ name }) => name.length)) + 4;
  const longestWord = Math.max(
    ...rows.flatMap((row) =>
      describe(row)
        .split(' ')
        .map((word) => word.length),
    ),
  );
  const isBelow = columns - beside < Math.max(NARROWEST, longestWord);
  const indent = ' '.repeat(isBelow ? 6 : beside);
  return rows.flatMap((row) => {
    const [first = '', ...others] = wrap(describe(row), columns - indent.length);
    const below = others.map((line) => indent + chalk.dim(line));
    if (isBelow) return [`  ${row.name}`, indent + chalk.dim(first), ...below];
    return [`  ${row.name.padEnd(beside - 2)}${chalk.dim(first)}`, ...below];
  });
}

function describe({ family, fixture, type, trigger = '' }: EventRow): string {
  if (!fixture) return 'no fixture';
  return type === undefined || type === family ? trigger : `${trigger} [${type}]`;
}
