import type { CommandContext } from '../context.ts';
import { placed } from './place.ts';
import type { ProjectFile } from './read.ts';

const SECRET_VARIABLE = 'PERSONA_WEBHOOK_SECRET';

/** What the file says where the environment is silent: for keys that have a variable, which is between flag and file. */
export function environmentOf(
  { values, folder }: ProjectFile,
  { io }: CommandContext,
): Readonly<Record<string, string>> {
  const { journal, secret, to } = values;
  const found = {
    HOOKCAST_URL: to,
    HOOKCAST_JOURNAL: journal === undefined ? undefined : placed('journal', journal, folder),
    [SECRET_VARIABLE]: secret === undefined ? undefined : io.env[secret.env],
  };
  const missing = Object.entries(found).filter(([name]) => isUnset(io.env[name]));
  return Object.fromEntries(missing.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

/** Says that the variable that the file names for the secret is not set. */
export function warnOfMissingSecret({ values, path }: ProjectFile, context: CommandContext): void {
  const { env } = context.io;
  const name = values.secret?.env ?? SECRET_VARIABLE;
  if (name === SECRET_VARIABLE || !isUnset(env[name]) || !isUnset(env[SECRET_VARIABLE])) return;
  context.warn(`${path}: secret: the variable ${name} is not set`);
}

function isUnset(value: string | undefined): boolean {
  return value === undefined || value === '';
}
