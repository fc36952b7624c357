import type { FixtureLibrary } from '../fixture/load.ts';
import type { Fixture } from '../fixture/fixture.ts';
import type { Clock } from '../ports.ts';
import type { DeliveryHistory } from './deliveries/history.ts';
import type { DeliveryRunner } from './deliveries/runner.ts';
import type { WebhookRegistry } from './webhooks/registry.ts';

/** What all routes read and change. */
export interface ServerState {
  readonly webhooks: WebhookRegistry;
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
