import type { Delivery } from '../../delivery/deliver.ts';
import { UsageError } from '../../errors.ts';
import type { Event } from '../../event/build.ts';
import { deliveryOf } from '../../server/deliveries/new-deliveries.ts';
import { startServer, type RunningServer } from '../../server/start-server.ts';
import type { ServedWebhook } from '../../server/webhooks/served-webhook.ts';
import type { Simulator } from '../../simulator/simulator.ts';
import type { CommandContext } from '../context.ts';
import { eventOptions, type EventFlags } from '../flags/event.ts';
import { journalOf } from '../flags/journal.ts';
import type { RedisFlags } from '../flags/redis.ts';
import { readCa } from '../flags/run.ts';
import { simulationOptions } from '../flags/timing.ts';
import { untilInterrupted } from '../terminal/interrupted.ts';
import { openInBrowser } from '../terminal/open-in-browser.ts';
import { sentEvent } from '../views/simulator-view.ts';
import { resolveWebhooks } from './resolve-webhooks.ts';
import { runDeliveries, runShown, type Deliverer } from './run-deliveries.ts';
import { noteDevelopmentSecret, warnOfUnmatched, type SendingFlags } from './simulators.ts';

export type UiFlags = EventFlags & SendingFlags & RedisFlags & { readonly journal?: string };

export interface SentEvents {
  readonly deliveries: readonly Delivery[];
  readonly events: readonly Event[];
  readonly simulators: readonly [Simulator, ...Simulator[]];
}

/**
 * Sends the events through a server of its own, shows them in the inspector, and stays until Ctrl-C.
 * @param concluded - called when all deliveries are settled
 */
export async function sendWithUi(
  { names, at, flags }: { readonly names: readonly string[]; readonly at: Date; readonly flags: UiFlags },
  context: CommandContext,
  concluded: (sent: SentEvents) => void,
): Promise<void> {
  refuseOtherStores(flags, context);
  await using server = await startServer({ port: 0, ...(await serverOptions(flags, context)) });
  const webhooks = server.state.webhooks.list();
  const simulators = webhooks.map(({ simulator }) => simulator) as [Simulator, ...Simulator[]];
  for (const { webhook } of simulators) for (const warning of webhook.warnings) context.warn(warning);
  const events = await simulators[0].buildAll(names, { ...eventOptions(flags), at });
  noteDevelopmentSecret(simulators, flags, context);
  for (const simulator of simulators) warnOfUnmatched(simulator, events, context);
  await show(server, context);
  const deliveries = await deliverAll(server, { webhooks, simulators, events }, { flags, context });
  concluded({ deliveries, events, simulators });
  if (context.io.interrupted.aborted) return;
  context.note('all deliveries are settled; the inspector stays until Ctrl-C');
  await untilInterrupted(context.io);
}

/** @throws {UsageError} */
function refuseOtherStores(flags: UiFlags, context: CommandContext): void {
  const journal = journalOf(flags, context);
  if (journal === undefined && flags.redis === undefined) return;
  const where = flags.redis === undefined ? 'a journal (--journal, HOOKCAST_JOURNAL)' : '--redis';
  throw new UsageError(
    `--ui and ${where}: a run that is shown is kept in memory; use hookcast serve --journal to keep it`,
  );
}

async function serverOptions(flags: UiFlags, context: CommandContext) {
  const { seed, allowRemote, insecure } = flags;
  const shared = await simulationOptions(flags);
  const webhooks = await resolveWebhooks(flags, context);
  return {
    ...{ seed, allowRemote, insecure, ca: await readCa(flags) },
    webhooks: webhooks.map((attributes) => ({ ...shared, attributes })),
  };
}

async function show({ url }: RunningServer, context: CommandContext): Promise<void> {
  const page = `${url.replace('127.0.0.1', 'localhost')}/`;
  context.note(`inspector: ${page}`);
  await openInBrowser(page, context);
}

interface DeliveryPlan {
  readonly webhooks: readonly ServedWebhook[];
  readonly simulators: readonly Simulator[];
  readonly events: readonly Event[];
}

async function deliverAll(
  { state }: RunningServer,
  { webhooks, simulators, events }: DeliveryPlan,
  { flags, context }: { readonly flags: UiFlags; readonly context: CommandContext },
): Promise<Delivery[]> {
  const shown = { ...flags, journal: undefined, hasManyEvents: events.length > 1 };
  const signal = context.io.interrupted;
  return runShown(simulators, { ...shown, sent: sentEvent, context }, (_, view, index) =>
    runDeliveries(through(webhooks[index] as ServedWebhook, state), events, { view, signal }),
  );
}

/** The deliveries are the server's: what is done to them in the page happens. */
function through(webhook: ServedWebhook, { runner }: RunningServer['state']): Deliverer {
  return {
    takeOn: () => undefined,
    deliver: (event, options) => {
      const delivery = runner.take(webhook, deliveryOf(webhook, event));
      return runner.runTaken(webhook, delivery, options);
    },
  };
}
