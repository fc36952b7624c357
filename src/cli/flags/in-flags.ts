import type { Command } from 'commander';
import type { ConformanceReport } from '../../conformance/report.ts';
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
  ['oracle', ['oracleUrl', 'oracleCmd']],
  ['hooks', ['hook']],
  ['create', ['hook create']],
  ['readLog', ['logFile']],
  ['referenceTemplate', ['referenceId']],
]);

/** What a command can do about an error beside what the library says. */
const ALSO: ReadonlyMap<string, { readonly flag: string; readonly advice: string }> = new Map([
  ['JOURNAL_HELD', { flag: 'wait', advice: ', or wait with --wait' }],
]);

/**
 * A message of the library in the words of a command: `` `timeScale` `` as `--time-scale`, where it has that flag, and
 * `` `hooks.restart` `` as `--hook restart`.
 */
export function inFlags(message: string, command: Command | undefined): string {
  return message.replace(/`(\w+)(?:\.([\w-]+))?`/g, (whole, name: string, member = '') => {
    const flags = (OTHER_NAMES.get(name) ?? [name]).map((text) => {
      const [attribute = '', ...value] = text.split(' ');
      const flag = flagOf(attribute, command);
      return flag === undefined ? undefined : [flag, ...value, member].filter(Boolean).join(' ');
    });
    return flags.filter((flag) => flag !== undefined).join(' or ') || whole;
  });
}

/** A report with what it says of options in the words of a command. */
export function reportInFlags(report: ConformanceReport, command: Command | undefined): ConformanceReport {
  const words = (text: string) => inFlags(text, command);
  const receivers = report.receivers.map((receiver) => ({
    ...receiver,
    diagnosis: receiver.diagnosis === null ? null : words(receiver.diagnosis),
    checks: receiver.checks.map((check) => ({ ...check, actual: words(check.actual) })),
  }));
  const { notAsked } = report;
  return { ...report, receivers, ...(notAsked === undefined ? {} : { notAsked: notAsked.map(words) }) };
}

/** An error's message in the words of a command, with what only this command offers. */
export function errorInFlags({ code, message }: HookcastError, command: Command | undefined): string {
  const { flag = '', advice = '' } = ALSO.get(code) ?? {};
  return inFlags(message, command) + (flagOf(flag, command) === undefined ? '' : advice);
}

function flagOf(attribute: string, command: Command | undefined): string | undefined {
  return command?.options.find((each) => each.attributeName() === attribute)?.long;
}
