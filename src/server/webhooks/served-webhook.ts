import type { MovableClock } from '../../delivery/movable-clock.ts';
import { createSimulator, type Simulator } from '../../simulator/simulator.ts';
import type { SimulatorOptions } from '../../simulator/deps.ts';
import type { DeliveryPolicy } from '../../persona/policies.ts';
import type { WebhookAttributes } from '../../persona/webhook.ts';
import type { WebhookExtras } from '../../webhook/configure.ts';
import { verdictOnName } from '../../webhook/verdict.ts';

export type WebhookStatus = 'enabled' | 'disabled' | 'archived';

/** What a new webhook is made of. */
export interface NewWebhook {
  readonly attributes: WebhookAttributes;
  /** @default drawn */
  readonly id?: string | undefined;
  readonly seed?: number | undefined;
  readonly policy?: DeliveryPolicy | undefined;
  /** Simulated seconds per real second. @default 1 */
  readonly timeScale?: number | undefined;
  readonly extras?: WebhookExtras | undefined;
  /** Begin with a paused clock. @default false */
  readonly isPaused?: boolean | undefined;
}

interface ServedWebhookOptions {
  readonly createdAtMs: number;
  readonly idOf: (simulator: Simulator) => string;
}

/** A webhook with a simulator and a clock of its own; its attributes can change. */
export class ServedWebhook {
  readonly id: string;
  /** Real time, milliseconds since 1970. */
  readonly createdAtMs: number;
  readonly simulator: Simulator;
  #attributes: WebhookAttributes;
  #extras: WebhookExtras;

  /** @throws {UsageError | BlocklistSyntaxError} when the webhook makes no sense */
  constructor(
    { attributes, extras = {}, isPaused, ...rest }: NewWebhook,
    options: Omit<SimulatorOptions, 'webhook'> & ServedWebhookOptions,
  ) {
    this.createdAtMs = options.createdAtMs;
    this.#attributes = attributes;
    this.#extras = extras;
    this.simulator = createSimulator({ ...options, ...rest, webhook: attributes, extras });
    this.id = options.idOf(this.simulator);
    if (isPaused === true) this.clock.pause();
  }

  get attributes(): WebhookAttributes {
    return this.#attributes;
  }

  get extras(): WebhookExtras {
    return this.#extras;
  }

  get status(): WebhookStatus {
    return this.#attributes.status ?? 'enabled';
  }

  get clock(): MovableClock {
    return this.simulator.clock;
  }

  get policy(): DeliveryPolicy {
    return this.simulator.policy;
  }

  get seed(): number {
    return this.simulator.seed;
  }

  /** @throws {UsageError | BlocklistSyntaxError} when the webhook makes no sense; it is unchanged then */
  change(attributes: WebhookAttributes, extras: WebhookExtras = this.#extras): void {
    this.simulator.reconfigure(attributes, extras);
    this.#attributes = attributes;
    this.#extras = extras;
  }

  /** Does it send events of this name, as far as that does not depend on the payload? */
  sends(eventName: string): boolean {
    return verdictOnName(eventName, this.#attributes).kind === 'deliver';
  }
}
