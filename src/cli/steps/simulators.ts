import type { Command } from 'commander';
import { diskFiles } from '../../fixture/files.ts';
import type { Delivery } from '../../delivery/deliver.ts';
import type { Event } from '../../event/event.ts';
import { authoritiesOf } from '../../http/authorities.ts';
import { createSimulator, type Simulator } from '../../simulator/simulator.ts';
import type { Journal } from '../../journal/journal.ts';
import type { CommandContext } from '../context.ts';
import { journalling } from '../flags/journal.ts';
import { rereadOnHangup } from './reread-webhooks.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { resolveWebhooks, webhookExtras, type WebhookFlags } from '../flags/event.ts';
import { resolvePolicy, resolveTimeScale, type PolicyFlags } from '../flags/timing.ts';

/** The flags of every command that sends. */
export type SendingFlags = WebhookFlags &
  PolicyFlags & {
    readonly seed?: number;
    readonly allowRemote?: boolean;
    readonly insecure?: boolean;
    readonly ca?: string;
    readonly storeSecrets?: boolean;
    readonly json?: boolean;
    readonly quiet?: boolean;
    readonly verbose?: boolean;
  };

export function addSendingOptions(command: Command): Command {
  return command
    .option('--allow-remote', 'send to addresses outside this machine and private networks')
    .option('--insecure', 'accept any TLS certificate')
    .option('--ca <pem>', 'trust the certificate authorities in this file')
    .option('--json', 'one JSON object per attempt and delivery on stdout (NDJSON)')
    .option('--quiet', 'print nothing but warnings and errors')
    .option('--verbose', 'also show what the receiver answered');
}

/** One simulator for each webhook; the events are built by the first and go to all of them. */
export async function simulatorsFor(
  flags: SendingFlags,
  context: CommandContext,
  journal?: Journal,
): Promise<[Simulator, ...Simulator[]]> {
  const webhooks = await resolveWebhooks(flags, context);
  const common = {
    policy: await resolvePolicy(flags),
    timeScale: resolveTimeScale(flags),
    seed: flags.seed,
    extras: webhookExtras(flags),
    allowRemote: flags.allowRemote,
    insecure: flags.insecure,
    ca: flags.ca === undefined ? undefined : authoritiesOf(await diskFiles.read(flags.ca), flags.ca),
  };
  const simulators = webhooks.map((webhook, index) => {
    const file = flags.webhook?.[index];
    return createSimulator({
      ...common,
      webhook,
      journal,
      journalling: journalling(webhook, { file, flags }, context),
    });
  });
  rereadOnHangup(simulators, flags, context);
  for (const { webhook } of simulators) for (const warning of webhook.warnings) context.warn(warning);
  return simulators as [Simulator, ...Simulator[]];
}

/** Once per entry, and only when it matches in none of the events: a typo there leaks personal data. */
export function warnOfUnmatched(
  simulator: Simulator,
  events: readonly Event[],
  context: CommandContext,
): void {
  if (simulator.webhook.payload.blocklist.length === 0) return;
  const [first, ...others] = events.map((event) => simulator.compose(event).unmatched);
  const inAll = (first ?? []).filter((entry) => others.every((unmatched) => unmatched.includes(entry)));
  for (const entry of inAll)
    context.warn(`blocklist entry '${entry}' matches nothing in what is sent; a typo?`);
}

export function exitCodeOf(deliveries: readonly Delivery[]): ExitCode {
  return deliveries.some(({ state }) => state === 'failed') ? EXIT.failed : EXIT.ok;
}
