import type { Delivery } from '../../delivery/deliver.ts';
import type { Event } from '../../event/build.ts';
import { createSimulator, type Simulator } from '../../simulator/simulator.ts';
import { hasDevelopmentSecret } from '../../signing/sign.ts';
import { checkSourceAddress } from '../../http/source-address.ts';
import type { Journal } from '../../journal/journal.ts';
import { EXIT, type CommandContext, type ExitCode } from '../context.ts';
import { journalling } from '../flags/journal.ts';
import { rereadOnHangup } from './reread-webhooks.ts';
import { noteSecret, resolveWebhooks } from './resolve-webhooks.ts';
import {
  readCa,
  type OutputFlags,
  type TargetFlags,
  type WebhookFlags,
  type SourceFlags,
} from '../flags/run.ts';
import type { RedisFlags } from '../flags/redis.ts';
import { simulationOptions, type PolicyFlags } from '../flags/timing.ts';

/** The flags of every command that sends. */
export type SendingFlags = WebhookFlags &
  PolicyFlags &
  OutputFlags &
  SourceFlags &
  TargetFlags &
  Pick<RedisFlags, 'storeSecrets'> & { readonly seed?: number };

/** One simulator for each webhook; the events are built by the first and go to all of them. */
export async function simulatorsFor(
  flags: SendingFlags,
  context: CommandContext,
  journal?: Journal,
): Promise<[Simulator, ...Simulator[]]> {
  if (flags.source !== undefined) await checkSourceAddress(flags.source);
  const webhooks = await resolveWebhooks(flags, context);
  const common = {
    ...(await simulationOptions(flags)),
    allowRemote: flags.allowRemote,
    insecure: flags.insecure,
    ca: await readCa(flags),
    sourceAddress: flags.source,
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

/** Says that the development secret is in use because no other was given; called when no mistake was found. */
export function noteDevelopmentSecret(
  simulators: readonly Simulator[],
  { secret, quiet }: SendingFlags,
  context: CommandContext,
): void {
  const isUsed = ({ webhook }: Simulator) => hasDevelopmentSecret(webhook.endpoint.secrets);
  if (quiet !== true && secret === undefined && simulators.some(isUsed)) noteSecret(context);
}

export function exitCodeOf(deliveries: readonly Delivery[]): ExitCode {
  return deliveries.some(({ state }) => state === 'failed') ? EXIT.failed : EXIT.ok;
}
