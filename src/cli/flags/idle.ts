import type { Command } from 'commander';
import type { CommandContext } from '../context.ts';

/** Flags that say how a queue or a journal is used, and do nothing without one. */
const NEEDS: Readonly<Record<string, readonly string[]>> = {
  queue: ['redis'],
  redisPatience: ['redis'],
  storeSecrets: ['journal', 'redis'],
};

/** Warns of flags on the command line without the flag that they need: deliveries would go elsewhere than meant. */
export function warnOfIdleFlags(command: Command, context: CommandContext): void {
  const attributes = command.options.map((option) => option.attributeName());
  for (const option of command.options) {
    const name = option.attributeName();
    const needed = NEEDS[name]?.filter((each) => attributes.includes(each)) ?? [];
    if (needed.length === 0 || command.getOptionValueSource(name) !== 'cli') continue;
    if (needed.some((each) => isGiven(each, command, context))) continue;
    const flags = needed.map((each) => `--${each}`).join(' or ');
    context.warn(`${option.long ?? ''} does nothing without ${flags}`);
  }
}

function isGiven(name: string, command: Command, { io }: CommandContext): boolean {
  if (command.getOptionValue(name) !== undefined) return true;
  if (name === 'journal') return (io.env['HOOKCAST_JOURNAL'] ?? '') !== '';
  // A source of recordings may be a queue.
  return command.args.some((argument) => /^rediss?:\/\//i.test(argument));
}
