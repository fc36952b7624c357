import type { CommandContext } from '../context.ts';
import { WEBHOOK } from '../flags/run.ts';
import { TIMING } from '../flags/timing.ts';

/** Of a command whose webhook may be missing: says which of its flags are about that webhook, and so do nothing. */
export function noteIdleFlags(context: CommandContext): void {
  const { command } = context;
  const spellings: string[] = Object.values({ ...WEBHOOK, ...TIMING }).map(({ spelling }) => spelling);
  const idle = (command?.options ?? []).filter(
    (option) =>
      spellings.includes(option.flags) && command?.getOptionValueSource(option.attributeName()) === 'cli',
  );
  if (idle.length === 0) return;
  const names = idle.map(({ long }) => long).join(', ');
  context.note(
    `${names}: without effect, since they are about the webhook of --to; webhooks of the API have their own`,
  );
}
