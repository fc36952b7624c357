import { API_OPERATIONS, type ApiOperation } from '../persona/api-operations.ts';
import { ROUTES } from './routes/index.ts';

export type Coverage = 'stateful' | 'read' | 'not there';

/** How much of each operation of Persona's API the sandbox has. */
export function coverageOf({ name }: ApiOperation): Coverage {
  return ROUTES.find(({ operation }) => operation === name)?.coverage ?? 'not there';
}

/** docs/coverage.md, made from the table of routes. */
export function coveragePage(): string {
  const rows = API_OPERATIONS.map((operation) => ({ operation, coverage: coverageOf(operation) }));
  const count = (coverage: Coverage) => rows.filter((row) => row.coverage === coverage).length;
  const sections = [...new Set(API_OPERATIONS.map(({ section }) => section))].sort();
  const tables = sections.map((section) => {
    const lines = rows
      .filter(({ operation }) => operation.section === section)
      .map(
        ({ operation, coverage }) =>
          `| \`${operation.method} ${operation.path}\` | ${operation.name} | ${coverage} |`,
      );
    return [`## ${section}`, '', '| operation | name | sandbox |', '| --- | --- | --- |', ...lines, ''].join(
      '\n',
    );
  });
  return [
    "# What the sandbox has of Persona's API",
    '',
    'Made from the table of routes by `npm run docs:coverage`; a test compares it with the code.',
    '',
    `Of ${rows.length} operations ${count('stateful')} change what later answers say (stateful), ${count('read')} only read, and`,
    `${count('not there')} are not there: they answer 501 in Persona's error form. \`POST /webhook-events/search\`, which is newer than the`,
    'description that this table follows, is there too.',
    '',
    ...tables,
  ].join('\n');
}
