import { isAbsolute, join, relative } from 'node:path';
import { shellQuoted } from '../../text/repeat-command.ts';
import type { ProjectKey } from './keys.ts';

type Place = (text: string, folder: string) => string;

/** Paths start at the file, wherever the command is run; so do the commands of the oracle and the hooks. */
const PLACES: Readonly<Partial<Record<ProjectKey, Place>>> = {
  webhook: within,
  ca: within,
  'log-file': within,
  baseline: within,
  save: within,
  journal: within,
  policy: (text, folder) => (/[./\\]/.test(text) ? within(text, folder) : text),
  // A format alone goes to stdout.
  report: (text, folder) => text.replace(/(?<==).*$|^[^=]*\..*$/s, (path) => within(path, folder)),
  'oracle-cmd': inFolder,
  hook: (text, folder) => text.replace(/(?<=^[^=]*=).*$/s, (command) => inFolder(command, folder)),
};

/** A value of the file as it would stand behind the flag. */
export function placed(key: ProjectKey, text: string, folder: string): string {
  return PLACES[key]?.(text, folder) ?? text;
}

function within(path: string, folder: string): string {
  return isAbsolute(path) || isHere(folder) ? path : join(folder, path);
}

function inFolder(command: string, folder: string): string {
  if (isHere(folder)) return command;
  return process.platform === 'win32'
    ? `cd /d "${folder}" && ${command}`
    : `cd ${shellQuoted(folder)} && ${command}`;
}

function isHere(folder: string): boolean {
  return relative(process.cwd(), folder) === '';
}
