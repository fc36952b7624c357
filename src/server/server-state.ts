import type { FixtureLibrary, Fixture } from '../fixture/load.ts';
import type { Event } from '../event/build.ts';
import type { Clock } from '../ports.ts';
import type { SenderOptions } from '../http/undici-sender.ts';
import type { ConformanceRun } from './runs/conformance-run.ts';
import type { ScenarioRun } from './runs/scenario-run.ts';
import type { RunRegistry } from './runs/run-registry.ts';
import type { ServedJournal } from './journal/served-journal.ts';
import type { EventStreams } from './stream/event-stream.ts';
import type { DeliveryHistory } from './deliveries/history.ts';
import type { KeptDelivery } from './deliveries/kept-delivery.ts';
import type { DeliveryRunner } from './deliveries/runner.ts';
import type { WebhookRegistry } from './webhooks/registry.ts';

/** What all routes read and change. */
export interface ServerState {
  readonly webhooks: WebhookRegistry;
  readonly journal: ServedJournal | undefined;
  readonly runs: RunRegistry<ScenarioRun>;
  readonly conformanceRuns: RunRegistry<ConformanceRun>;
  /** Where connections may lead. */
  readonly sending: SenderOptions;
  /** The webhooks of the start, and nothing else. */
  readonly reset: () => void;
  /** Calls the listener after each reset, when the webhooks of the start are back. */
  readonly onReset: (listener: () => void) => void;
  /** Sends an event of your own making to every webhook that wants it; the deliveries are under way when it returns. */
  readonly publish: (event: Event) => readonly KeptDelivery[];
  readonly streams: EventStreams;
  readonly history: DeliveryHistory;
  readonly runner: DeliveryRunner;
  /** How many settled deliveries stay in memory. */
  readonly keep: number;
  readonly library: FixtureLibrary;
  /** A shipped fixture. @throws {UnknownNameError} */
  readonly fixture: (name: string) => Promise<Fixture>;
  /** The real one. */
  readonly clock: Clock;
}
