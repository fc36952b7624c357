import type { Command } from 'commander';
import type { HookcastError } from '../../errors.ts';

/** Options of the library whose flag has another name, or that several flags give. */
const OTHER_NAMES: ReadonlyMap<string, readonly string[]> = new Map([
  ['url', ['to']],
  ['jitterMs', ['jitter']],
  ['ratePerSecond', ['rate']],
  ['durationMs', ['duration']],
  ['outageMs', ['outage']],
  ['script', ['respond']],
  ['patienceMs', ['redisPatience']],
  ['queueName', ['queue']],
  ['secrets', ['secret', 'webhook']],
  ['headers', ['header', 'webhook']],
  ['faults', ['fault']],
]);

/** What a command can do about an error beside what the library says. */
const ALSO: ReadonlyMap<string, { readonly flag: string; readonly advice: string }> = new Map([
  ['JOURNAL_HELD', { flag: 'wait', advice: ', or wait with --wait' }],
]);

/** A message of the library in the words of a command: `` `timeScale` `` as `--time-scale`, where it has that flag. */
export function inFlags(message: string, command: Command | undefined): string {
  return message.replace(/`(\w+)`/g, (whole, name: string) => {
    const flags = (OTHER_NAMES.get(name) ?? [name]).map((attribute) => flagOf(attribute, command));
    return flags.filter((flag) => flag !== undefined).join(' or ') || whole;
  });
}

/** An error's message in the words of a command, with what only this command offers. */
export function errorInFlags({ code, message }: HookcastError, command: Command | undefined): string {
  const { flag = '', advice = '' } = ALSO.get(code) ?? {};
  return inFlags(message, command) + (flagOf(flag, command) === undefined ? '' : advice);
}

function flagOf(attribute: string, command: Command | undefined): string | undefined {
  return command?.options.find((each) => each.attributeName() === attribute)?.long;
}
