import { diskFiles } from '../../adapters/files.ts';
import type { Delivery } from '../../delivery/deliver.ts';
import type { Event } from '../../event/event.ts';
import { createSimulator, type Simulator } from '../../simulator.ts';
import type { CommandContext, ConfigureCommand } from '../context.ts';
import { createView } from '../delivery-view.ts';
import { EXIT } from '../exit-codes.ts';
import {
  addEventOptions,
  addWebhookOptions,
  eventOptions,
  resolveWebhook,
  type EventFlags,
  type WebhookFlags,
} from '../options.ts';
import { addPolicyOptions, resolvePolicy, resolveTimeScale, type PolicyFlags } from '../policy-options.ts';
import { runDeliveries } from '../run-deliveries.ts';

type Flags = EventFlags &
  WebhookFlags &
  PolicyFlags & {
    readonly allowRemote?: boolean;
    readonly insecure?: boolean;
    readonly ca?: string;
    readonly json?: boolean;
    readonly quiet?: boolean;
    readonly verbose?: boolean;
  };

const EXAMPLES = `
Examples:
  $ hookcast send inquiry.approved --to http://localhost:3000/webhooks
  $ hookcast send inquiry.approved --to http://localhost:3000/webhooks --time-scale 1h=1s
  $ hookcast send inquiry.created inquiry.completed inquiry.approved --reference-id user-1
  $ hookcast send inquiry.declined --set fields.name-last.value=O\\'Neill --block 'name-*'
  $ hookcast send inquiry.approved --webhook persona-webhook.json --json

Exit codes: 0 all delivered, 1 a delivery failed, 2 wrong usage or a fault in a file, 130 interrupted.
`;

export const configure: ConfigureCommand = (command, context) => {
  command.argument('<event...>', 'names such as inquiry.approved (see: hookcast events)');
  addWebhookOptions(command);
  addPolicyOptions(command);
  addEventOptions(command)
    .option('--allow-remote', 'send to addresses outside this machine and private networks')
    .option('--insecure', 'accept any TLS certificate')
    .option('--ca <pem>', 'trust the certificate authorities in this file')
    .option('--json', 'one JSON object per attempt and delivery on stdout (NDJSON)')
    .option('--quiet', 'print nothing but warnings and errors')
    .option('--verbose', 'also show what the receiver answered')
    .addHelpText('after', EXAMPLES)
    .action((names: string[], flags: Flags) => send(names, flags, context));
};

async function send(names: readonly string[], flags: Flags, context: CommandContext): Promise<void> {
  const simulator = await simulatorFor(flags, context);
  const events = await simulator.buildAll(names, eventOptions(flags));
  warnOfUnmatched(simulator, events, context);
  const view = createView(simulator, context, { ...flags, many: events.length > 1 });
  const deliveries = await runDeliveries(simulator, events, { view, signal: context.io.interrupted });
  if (flags.quiet !== true) context.note(context.chalk.dim(`seed ${simulator.seed}`));
  context.exitCode = exitCodeOf(deliveries);
}

async function simulatorFor(flags: Flags, context: CommandContext): Promise<Simulator> {
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
function warnOfUnmatched(simulator: Simulator, events: readonly Event[], context: CommandContext): void {
  const [first, ...others] = events.map((event) => simulator.compose(event).unmatched);
  const inAll = (first ?? []).filter((entry) => others.every((unmatched) => unmatched.includes(entry)));
  for (const entry of inAll)
    context.warn(`blocklist entry '${entry}' matches nothing in what is sent; a typo?`);
}

function exitCodeOf(deliveries: readonly Delivery[]) {
  return deliveries.some(({ state }) => state === 'failed') ? EXIT.failed : EXIT.ok;
}
