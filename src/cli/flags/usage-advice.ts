import type { Command } from 'commander';
import { maskUrl } from '../../text/mask.ts';
import { printable } from '../../text/printable.ts';

/** What people and other tools call the receiver's URL. */
const NAMES_OF_TO = ['--url', '--target', '--endpoint', '--receiver', '--forward-to', '--webhook-url'];

/** Has a command say where a value belongs that commander only refuses. */
export function adviseUsage(command: Command): void {
  command.configureOutput({
    outputError: (message, write) => {
      write(advice(message, command) ?? message);
    },
  });
}

/** A URL in a place that takes none. */
export function urlAdvice(text: string): string {
  const shown = maskUrl(printable(text, 80));
  return `'${shown}' is a URL: pass it as --to ${shown}`;
}

function advice(message: string, command: Command): string | undefined {
  const unknown = /^error: unknown option '(--[^'=]+)/.exec(message)?.[1];
  if (unknown !== undefined && NAMES_OF_TO.includes(unknown)) return optionAdvice(unknown, command);
  if (!message.startsWith('error: too many arguments')) return undefined;
  const excess = command.args[command.registeredArguments.length] ?? '';
  if (/^https?:\/\//i.test(excess) && has(command, '--to')) return `error: ${urlAdvice(excess)}\n`;
  if (/\.(db|sqlite3?)$/i.test(excess) && has(command, '--journal')) {
    const shown = printable(excess, 80);
    return `error: '${shown}' looks like a journal: pass it as --journal ${shown}\n`;
  }
  return undefined;
}

function optionAdvice(unknown: string, command: Command): string | undefined {
  if (has(command, '--to')) return `error: unknown option '${unknown}'; the receiver's URL is --to <url>\n`;
  if (!command.registeredArguments.some((argument) => argument.name() === 'url')) return undefined;
  return `error: unknown option '${unknown}'; the URL needs no flag: hookcast ${command.name()} <url>\n`;
}

function has(command: Command, flag: string): boolean {
  return command.options.some(({ long }) => long === flag);
}
