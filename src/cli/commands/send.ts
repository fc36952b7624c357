import type { CommandContext, ConfigureCommand } from '../context.ts';
import { createView } from '../delivery-view.ts';
import { exitCodeOf } from '../exit-codes.ts';
import { addEventOptions, addWebhookOptions, eventOptions, type EventFlags } from '../options.ts';
import { addOutputOptions, type OutputFlags } from '../output-options.ts';
import { addPolicyOptions } from '../policy-options.ts';
import { runDeliveries } from '../run-deliveries.ts';
import {
  addTransportOptions,
  simulatorFor,
  warnOfUnmatched,
  type SimulatorFlags,
} from '../simulator-from-flags.ts';

type Flags = EventFlags & SimulatorFlags & OutputFlags;

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
  addEventOptions(command);
  addTransportOptions(command);
  addOutputOptions(command)
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
