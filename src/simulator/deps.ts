import type { SenderOptions } from '../http/connection-rules.ts';
import { type DeliveryContext, type DeliveryJob } from '../delivery/deliver.ts';
import type { TimeScale, SimulatedClock } from '../delivery/time-scale.ts';
import type { BuildOptions, IdMap } from '../event/build.ts';
import type { SeededRandom } from '../event/seeded-random.ts';
import type { FixtureLibrary, Fixture } from '../fixture/load.ts';
import type { Journal } from '../journal/journal.ts';
import type { JournalledWebhook } from '../journal/journalled-webhook.ts';
import { type RecordOptions } from '../journal/webhook-record.ts';
import { type DeliveryPolicy } from '../persona/policies.ts';
import type { WebhookAttributes } from '../persona/webhook.ts';
import type { Clock, HttpSender } from '../ports.ts';
import { type Webhook, type WebhookExtras } from '../webhook/configure.ts';

export interface SimulatorOptions extends SenderOptions {
  /** A webhook with Persona's attribute names; only `url` is needed. */
  readonly webhook: WebhookAttributes;
  /** @default persona-2022: 5 s, exactly 200, nine attempts over 124 hours */
  readonly policy?: DeliveryPolicy | undefined;
  /** Simulated seconds per real second; `Infinity` leaves no waits. @default 1 */
  readonly timeScale?: TimeScale | undefined;
  /** Ids and everything else made up follow from it. @default a new one each time, see `simulator.seed` */
  readonly seed?: number | undefined;
  /** Our own choices where Persona's documentation is silent. */
  readonly extras?: WebhookExtras | undefined;
  /** Replaces real time, e.g. by a test's virtual clock. */
  readonly clock?: Clock | undefined;
  /** Replaces the network. */
  readonly sender?: HttpSender | undefined;
  /**
   * Where every delivery is written down, so that it can go on after a crash (docs/journal.md); several simulators may
   * share one. Whoever opened it closes it.
   */
  readonly journal?: Journal | undefined;
  /** How the journal refers to the webhook's secret, or that it keeps it. @default given in code, not kept */
  readonly journalling?: Partial<Pick<RecordOptions, 'source' | 'file' | 'storeSecrets'>> | undefined;
  /** @default the fixtures of the package */
  readonly fixtures?: FixtureLibrary | undefined;
}

/** What one event shall be like; see BuildOptions. */
export interface EventOptions extends Partial<
  Pick<BuildOptions, 'id' | 'referenceId' | 'overrides' | 'keep'>
> {
  /** When the event happened. @default now */
  readonly at?: Date | undefined;
  /**
   * A JSON file of your own instead of the fixture: an event, a bare API object, or a recipe; or a folder with one
   * such file per event, `<event name>.json`.
   */
  readonly fixture?: string | Fixture | undefined;
}

export type DeliverOptions = EventOptions & Pick<DeliveryContext, 'signal' | 'onAttempt'>;

/** All that a simulator holds. */
export interface SimulatorDeps {
  readonly webhook: Webhook;
  readonly library: FixtureLibrary;
  readonly random: SeededRandom;
  readonly ids: IdMap;
  readonly policy: DeliveryPolicy;
  readonly clock: Clock;
  readonly simulatedClock: SimulatedClock;
  readonly sender: HttpSender;
  /** Called before a delivery is taken on. @throws {RemoteAddressError} */
  readonly checkAddress: () => void;
  readonly journalled: JournalledWebhook | undefined;
  /** Deliveries that the journal has already, by event or sending. */
  readonly takenOn: Map<object, TakenOn>;
  readonly disabled: AbortController;
}

export interface TakenOn {
  /** The delivery's number in the journal. */
  readonly id: number;
  readonly job: DeliveryJob;
}
