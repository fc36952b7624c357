import { startReceiver } from '../../receiver/start-receiver.ts';
import { DEVELOPMENT_SECRET, Secret } from '../../signing/sign.ts';
import { createSimulator } from '../../simulator/simulator.ts';
import type { CommandContext, ConfigureCommand } from '../context.ts';
import { sentEvent } from '../views/simulator-view.ts';
import { runDeliveries, runShown } from '../steps/run-deliveries.ts';

/** Four failures and a success; every delay is a 1000th of Persona's, so the whole takes about 10 s. */
const SCRIPT = [
  { kind: 'hang' },
  { kind: 'status', status: 500, delayMs: 0 },
  { kind: 'redirect' },
  { kind: 'reset' },
  { kind: 'status', status: 200, delayMs: 0 },
] as const;
const TIME_SCALE = 1_000;

const EXAMPLES = `
Examples:
  $ hookcast demo
`;

export const configure: ConfigureCommand = (command, context) => {
  command.addHelpText('after', EXAMPLES).action(() => demo(context));
};

async function demo(context: CommandContext): Promise<void> {
  const { chalk } = context;
  const secret = DEVELOPMENT_SECRET;
  await using receiver = await startReceiver({ secrets: [new Secret(secret)], script: SCRIPT });
  context.print('A receiver on this machine will fail in four ways, then answer 200.');
  context.print('Persona would take over an hour for that; here a second of waiting');
  context.print(`takes a millisecond (--time-scale ${TIME_SCALE}).`);
  context.print();
  const webhook = { url: `${receiver.url}/webhooks`, secret };
  const simulator = createSimulator({ webhook, timeScale: TIME_SCALE });
  const events = await simulator.buildAll(['inquiry.approved']);
  const signal = context.io.interrupted;
  await runShown([simulator], { hasManyEvents: false, sent: sentEvent, context }, (each, view) =>
    runDeliveries(each, events, { view, signal }),
  );
  const genuine = receiver.received.filter(({ verification }) => verification.kind === 'valid').length;
  context.print();
  context.print(
    `The receiver found ${genuine} of ${receiver.received.length} signatures valid, over the same bytes each time.`,
  );
  context.print(`Now yours: ${chalk.bold('hookcast conform --to http://localhost:3000/webhooks')}`);
}
