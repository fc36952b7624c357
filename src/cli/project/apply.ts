import { relative } from 'node:path';
import type { Command, Option } from 'commander';
import { UsageError } from '../../errors.ts';
import type { CommandContext } from '../context.ts';
import { environmentOf, warnOfMissingSecret } from './environment.ts';
import { findProject } from './find.ts';
import { isProjectKey, type ProjectKey } from './keys.ts';
import { placed } from './place.ts';
import type { ProjectFile } from './read.ts';

/** Of these, one on the command line replaces all of the file's. */
const ALTERNATIVES: readonly (readonly string[])[] = [
  ['oracle-url', 'oracle-cmd'],
  ['only', 'skip'],
];

/** Come by the environment, which is between the flags and the file. */
const BY_ENVIRONMENT: readonly ProjectKey[] = ['to', 'journal', 'secret'];

/** Does the project file say anything for this command? */
export function usesProject(command: Command): boolean {
  return command.options.some((option) => isProjectKey(nameOf(option), command.name()));
}

/**
 * The one place where flags, environment and project file come together: what neither of the first two says is set
 * from the file, before the command runs.
 * @throws {UsageError | ContentError | FileError}
 */
export async function applyProject(command: Command, context: CommandContext): Promise<void> {
  if (!usesProject(command)) return;
  const path = pathFor(command);
  if (path === undefined) return;
  // Loaded only when there is a file: it brings the schemas.
  const { readProject } = await import('./read.ts');
  const project = await readProject(path);
  if (optionOf(command, 'secret') !== undefined && !isGiven(command, 'secret'))
    warnOfMissingSecret(project, context);
  context.useProject(path, environmentOf(project, context));
  const isWebhookOfFile = project.values.webhook !== undefined && !isGiven(command, 'webhook');
  for (const option of command.options)
    setFrom(project, { command, option, texts: textsOf(option, { project, command }) });
  if (isWebhookOfFile) overrideUrl(project, command, context);
}

/** Short in messages: `hookcast.json`, `../hookcast.json`. */
function pathFor(command: Command): string | undefined {
  const { config } = command.opts<{ config?: string | boolean }>();
  if (typeof config === 'string') return config;
  const found = config === false ? undefined : findProject(process.cwd());
  return found === undefined ? undefined : relative(process.cwd(), found);
}

/** The file's webhook may have a url of its own: the environment's and the file's `to` win over it, as `--to` does. */
function overrideUrl(project: ProjectFile, command: Command, { io }: CommandContext): void {
  const option = optionOf(command, 'to');
  const { webhook } = project.values;
  const isOne = typeof webhook === 'string' || webhook?.length === 1;
  const url = io.env['HOOKCAST_URL'] ?? '';
  const takesWebhook = isProjectKey('webhook', command.name()) && optionOf(command, 'webhook') !== undefined;
  if (option !== undefined && takesWebhook && isOne && url !== '')
    setFrom(project, { command, option, texts: [url] });
}

interface Setting {
  readonly command: Command;
  readonly option: Option;
  readonly texts: readonly string[] | boolean | undefined;
}

/** Sets an option as its flag would, unless the command line has it, or what replaces it. */
function setFrom({ path }: ProjectFile, { command, option, texts }: Setting): void {
  const name = nameOf(option) ?? '';
  const rivals = ALTERNATIVES.find((names) => names.includes(name)) ?? [name];
  if (texts === undefined || texts === false || rivals.some((each) => isGiven(command, each))) return;
  const value = texts === true ? true : valueOf(texts, { path, option, command });
  command.setOptionValueWithSource(option.attributeName(), value, 'config');
}

interface Place {
  readonly path: string;
  readonly option: Option;
  readonly command: Command;
}

/** Read as on the command line: a flag that can be repeated makes a list. @throws {UsageError} naming the file */
function valueOf(texts: readonly string[], { path, option, command }: Place): unknown {
  let value: unknown;
  for (const text of texts) {
    if (value !== undefined && !Array.isArray(value)) {
      const flag = option.long ?? option.flags;
      throw new UsageError(`${path}: ${flag.slice(2)}: ${command.name()} takes one; pass it with ${flag}`);
    }
    value = parsed(text, value, { path, option });
  }
  return value;
}

function parsed(text: string, previous: unknown, { path, option }: Omit<Place, 'command'>): unknown {
  const parse = option.parseArg as ((text: string, previous: unknown) => unknown) | undefined;
  try {
    return parse === undefined ? text : parse(text, previous);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    // The flag's advice is about the command line.
    const [message = ''] = error.message.split('\n(see: ');
    throw new UsageError(`${path}: ${message.replace(/^--/, '')}`, { cause: error });
  }
}

/** What the file says of an option, as it would stand behind the flag. */
function textsOf(
  option: Option,
  { project, command }: { readonly project: ProjectFile; readonly command: Command },
): Setting['texts'] {
  const name = nameOf(option);
  if (!isProjectKey(name, command.name()) || BY_ENVIRONMENT.includes(name)) return undefined;
  const value = project.values[name];
  if (value === undefined || typeof value === 'boolean') return value;
  const texts = listOf(value);
  // conform knows policies by their names alone.
  if (name === 'policy' && option.argChoices?.includes(texts[0] ?? '') === false) return undefined;
  return texts.map((text) => placed(name, text, project.folder));
}

function listOf(value: string | number | readonly string[] | { readonly env: string }): string[] {
  if (typeof value === 'string' || typeof value === 'number') return [String(value)];
  return 'env' in value ? [value.env] : [...value];
}

function isGiven(command: Command, name: string): boolean {
  const option = optionOf(command, name);
  const source = option === undefined ? undefined : command.getOptionValueSource(option.attributeName());
  return source !== undefined && source !== 'default' && source !== 'config';
}

function optionOf(command: Command, name: string): Option | undefined {
  return command.options.find((option) => nameOf(option) === name);
}

function nameOf({ long }: Option): string | undefined {
  return long?.slice(2);
}
