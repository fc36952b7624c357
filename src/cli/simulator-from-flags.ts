import type { Command } from 'commander';
import { diskFiles } from '../adapters/files.ts';
import type { Event } from '../event/event.ts';
import { createSimulator, type Simulator } from '../simulator.ts';
import type { CommandContext } from './context.ts';
import { resolveWebhook, type WebhookFlags } from './options.ts';
import { resolvePolicy, resolveTimeScale, type PolicyFlags } from './policy-options.ts';

/** The flags that say how requests leave this machine. */
interface TransportFlags {
  readonly allowRemote?: boolean;
  readonly insecure?: boolean;
  readonly ca?: string;
}

/** All flags that a simulator is made from. */
export type SimulatorFlags = WebhookFlags & PolicyFlags & TransportFlags & { readonly seed?: number };

export function addTransportOptions(command: Command): Command {
  return command
    .option('--allow-remote', 'send to addresses outside this machine and private networks')
    .option('--insecure', 'accept any TLS certificate')
    .option('--ca <pem>', 'trust the certificate authorities in this file');
}

/** Reads the files that the flags name and says what the user should know. */
export async function simulatorFor(flags: SimulatorFlags, context: CommandContext): Promise<Simulator> {
  const simulator = createSimulator({
    webhook: await resolveWebhook(flags, context),
    policy: await resolvePolicy(flags),
    timeScale: resolveTimeScale(flags),
    seed: flags.seed,
    userAgent: flags.userAgent,
    allowRemote: flags.allowRemote,
    insecure: flags.insecure,
    ca: flags.ca === undefined ? undefined : (await diskFiles.read(flags.ca)).toString('utf8'),
  });
  for (const warning of simulator.webhook.warnings) context.warn(warning);
  return simulator;
}

/** Once per entry, and only when it matches in none of the events: a typo there leaks personal data. */
export function warnOfUnmatched(
  simulator: Simulator,
  events: readonly Event[],
  context: CommandContext,
): void {
  const [first, ...others] = events.map((event) => simulator.compose(event).unmatched);
  const inAll = (first ?? []).filter((entry) => others.every((unmatched) => unmatched.includes(entry)));
  for (const entry of inAll)
    context.warn(`blocklist entry '${entry}' matches nothing in what is sent; a typo?`);
}
