import type { Command } from 'commander';

/** Options of the library whose flag has another name. */
const OTHER_NAMES: ReadonlyMap<string, string> = new Map([
  ['url', 'to'],
  ['jitterMs', 'jitter'],
  ['ratePerSecond', 'rate'],
  ['durationMs', 'duration'],
  ['outageMs', 'outage'],
  ['script', 'respond'],
  ['patienceMs', 'redisPatience'],
  ['queueName', 'queue'],
]);

/** A message of the library in the words of a command: `` `timeScale` `` as `--time-scale`, where it has that flag. */
export function inFlags(message: string, command: Command | undefined): string {
  return message.replace(/`(\w+)`/g, (whole, name: string) => {
    const attribute = OTHER_NAMES.get(name) ?? name;
    const option = command?.options.find((each) => each.attributeName() === attribute);
    return option?.long ?? whole;
  });
}
