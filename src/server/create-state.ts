import { seededRandom, newSeed } from '../event/seeded-random.ts';
import { bundledFixtures } from '../fixture/files.ts';
import { systemClock } from '../delivery/system-clock.ts';
import { lateSender, type SenderOptions } from '../http/connection-rules.ts';
import type { FixtureLibrary } from '../fixture/load.ts';
import type { Clock, HttpSender } from '../ports.ts';
import { withRefusalsAsOutcomes } from '../http/refusals-as-outcomes.ts';
import { DeliveryHistory } from './deliveries/history.ts';
import { cachedFixtures } from './deliveries/inline-fixture.ts';
import { publish } from './deliveries/publish.ts';
import { DeliveryRunner } from './deliveries/runner.ts';
import { ServedJournal } from './journal/served-journal.ts';
import type { Journal } from '../journal/journal.ts';
import type { ConformanceRun } from './runs/conformance-run.ts';
import type { ScenarioRun } from './runs/scenario-run.ts';
import { RunRegistry } from './runs/run-registry.ts';
import type { ServerState } from './server-state.ts';
import { createStreams } from './stream/create-streams.ts';
import { WebhookRegistry } from './webhooks/registry.ts';
import type { NewWebhook } from './webhooks/served-webhook.ts';

export interface StateOptions extends SenderOptions {
  /** The webhooks that are there at the start, and again after a reset. The first is `default`. */
  readonly webhooks?: readonly NewWebhook[] | undefined;
  /** How many settled deliveries are kept in memory. @default 1000 */
  readonly keep?: number | undefined;
  /** Ids of webhooks follow from it. @default drawn */
  readonly seed?: number | undefined;
  /** @default the fixtures of the package */
  readonly fixtures?: FixtureLibrary | undefined;
  /** Where every delivery is written down. Whoever opened it closes it. */
  readonly journal?: Journal | undefined;
  /** Keep secrets in the journal, so that all webhooks go on after a crash. @default false */
  readonly storeSecrets?: boolean | undefined;
  /** Told what a journal could not bring back. */
  readonly onWarning?: ((warning: string) => void) | undefined;
  /** Replaces real time. */
  readonly clock?: Clock | undefined;
  /** Replaces the network. */
  readonly sender?: HttpSender | undefined;
}

export const KEEP_DEFAULT = 1_000;

/** @throws {UsageError | BlocklistSyntaxError} when a webhook makes no sense */
export function createState(options: StateOptions): ServerState {
  const { clock = systemClock, fixtures: library = bundledFixtures(), keep = KEEP_DEFAULT } = options;
  const sender = options.sender ?? withRefusalsAsOutcomes(lateSender(options, 'burstSender'));
  const history = new DeliveryHistory({ keep });
  const journal =
    options.journal === undefined ? undefined : new ServedJournal(options.journal, { ...options, clock });
  const runner = new DeliveryRunner({ history, clock, sender, journal });
  const webhooks = new WebhookRegistry({
    ...{ clock, sender, fixtures: library },
    random: seededRandom(options.seed ?? newSeed()),
    now: () => clock.now(),
    ...(journal === undefined ? {} : { idOf: (simulator) => journal.idOf(simulator) }),
  });
  webhooks.onChange((change) => {
    const isOver = change.kind === 'forgotten' || (change.kind === 'status' && change.status !== 'enabled');
    if (isOver) runner.failPendingOf(change.webhook);
    if (change.kind === 'forgotten') journal?.noteRemoved(change.webhook);
    else journal?.note(change.webhook);
    if (change.kind === 'created') journal?.clocks.keep(change.webhook);
  });
  const streams = createStreams({ webhooks, history, clock });
  const runs = new RunRegistry<ScenarioRun>('r', 'POST /v1/scenarios/quickstart/runs');
  const conformanceRuns = new RunRegistry<ConformanceRun>('c', 'POST /v1/conformance-runs');
  const begin = () => {
    for (const webhook of options.webhooks ?? []) webhooks.create(webhook);
  };
  begin();
  const afterReset: (() => void)[] = [];
  const reset = () => {
    runner.cancelAll();
    for (const run of conformanceRuns.all()) run.stop.abort(new Error('reset'));
    for (const webhook of webhooks.list()) webhooks.forget(webhook);
    for (const registry of [runs, conformanceRuns]) registry.clear();
    history.forgetAll();
    begin();
    for (const listener of afterReset) listener();
  };
  const { allowRemote, insecure, ca } = options;
  return {
    ...{ webhooks, history, runner, runs, conformanceRuns, streams, journal, reset, library, clock, keep },
    onReset: (listener) => void afterReset.push(listener),
    fixture: cachedFixtures(library),
    publish: (event) => publish(event, { webhooks, runner }),
    sending: { allowRemote, insecure, ca },
  };
}
