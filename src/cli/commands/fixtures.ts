import { counted } from '../../text/plural.ts';
import { join } from 'node:path';
import { diskFiles, diskWriter } from '../../fixture/files.ts';
import { UsageError } from '../../errors.ts';
import {
  importFixtures,
  type FixtureImport,
  type ImportedFixture,
} from '../../fixture/import/import-fixtures.ts';
import { readSource } from '../../fixture/load.ts';
import { serialisePretty } from '../../json/text.ts';
import { printable } from '../../text/printable.ts';
import { EXIT, type CommandContext, type ConfigureCommand } from '../context.ts';
import { addFlags, flagsOf, GROUP, type ValuesOf } from '../flags/flag.ts';

const EXAMPLE = '  $ hookcast fixtures import openapi-bundled.json --out persona-fixtures\n';

const EXAMPLES = `
For API versions newer than this hookcast. Each webhook's example body becomes
<dir>/<event name>.json, a further one <dir>/<event name>--<its name>.json.
Without an example the body is made up from the schema.

Examples:
${EXAMPLE}  $ hookcast send inquiry.approved report/watchlist.ready --fixture persona-fixtures

Exit codes: 0 all imported, 1 some were skipped, 2 wrong usage or nothing to import.
`;

const IMPORT = flagsOf(GROUP.output, {
  out: { spelling: '--out <dir>', description: 'folder to write to; it is created', mandatory: true },
  force: { spelling: '--force', description: 'overwrite existing files' },
});
type Flags = ValuesOf<typeof IMPORT>;

export const configure: ConfigureCommand = (command, context) => {
  const importing = command
    .addHelpText('after', `\nExamples:\n${EXAMPLE}`)
    .command('import')
    .summary(`write a fixture per webhook that an OpenAPI document describes`)
    .description('Write a fixture per webhook that an OpenAPI document describes.')
    .argument('<openapi.json>', `your copy of Persona's specification, in one JSON file`)
    .addHelpText('after', EXAMPLES)
    .action((path: string, flags: Flags) => runImport(path, flags, context));
  addFlags(importing, [IMPORT]);
};

async function runImport(
  path: string,
  { out, force = false }: Flags,
  context: CommandContext,
): Promise<void> {
  const imported = importFixtures(await readSpecification(path), path);
  if (!force) await refuseToOverwrite(imported.fixtures.map(({ file }) => join(out, file)));
  for (const { file, document } of imported.fixtures) {
    await diskWriter.write(join(out, file), `${serialisePretty(document)}\n`, { overwrite: force });
  }
  report(imported, out, context);
}

async function readSpecification(path: string) {
  if (/\.ya?ml$/i.test(path)) {
    throw new UsageError(
      `${path}: expected JSON, and this is YAML; Persona publishes openapi-bundled.json beside it, ` +
        'or make one JSON file of yours: npx @redocly/cli bundle openapi.yaml --output openapi.json',
    );
  }
  return (await readSource(path, diskFiles)).node;
}

const SHOWN = 5;

async function refuseToOverwrite(paths: readonly string[]): Promise<void> {
  const taken = await Promise.all(paths.map((path) => diskWriter.exists(path)));
  const existing = paths.filter((_, index) => taken[index]);
  if (existing.length === 0) return;
  const more = existing.length > SHOWN ? ` and ${existing.length - SHOWN} more` : '';
  throw new UsageError(
    `nothing was written, to keep what is there: ${existing.slice(0, SHOWN).join(', ')}${more}\n` +
      'Choose another folder with --out, or overwrite them with --force.',
  );
}

function report({ fixtures, skipped }: FixtureImport, out: string, context: CommandContext): void {
  for (const { reason } of skipped) context.warn(`skipped ${printable(reason, 300)}`);
  const madeUp = fixtures.filter(({ source }) => source === 'schema').length;
  if (madeUp > 0) context.note(`${madeUp} made up from the schema, since the file has no example`);
  const unknown = newNames(fixtures);
  if (unknown.length > 0) context.note(`new since this hookcast: ${unknown.join(', ')}`);
  const rest = skipped.length > 0 ? ` (${skipped.length} skipped)` : '';
  context.print(`${counted(fixtures.length, 'fixture')} written to ${out}${rest}`);
  if (skipped.length > 0) context.exitCode = EXIT.failed;
}

function newNames(fixtures: readonly ImportedFixture[]): string[] {
  return [...new Set(fixtures.flatMap(({ name, isNew }) => (isNew ? [name] : [])))];
}
