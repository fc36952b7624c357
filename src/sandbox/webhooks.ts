import { randomUUID } from 'node:crypto';
import { deliver, type Delivery, type DeliveryContext, type DeliveryJob } from '../delivery/deliver.ts';
import { buildRequest } from '../delivery/request.ts';
import { MovableClock } from '../delivery/movable-clock.ts';
import type { TimeScale, SimulatedClock } from '../delivery/time-scale.ts';
import type { Event } from '../event/build.ts';
import { composePayload } from '../payload/compose.ts';
import { MAX_SECRETS, SECRET_PREFIX } from '../persona/contract.ts';
import { newId } from '../persona/ids.ts';
import type { WebhookAttributes } from '../persona/webhook.ts';
import type { Random } from '../ports.ts';
import { configureWebhook, type Webhook } from '../webhook/configure.ts';
import type { SandboxWebhook, WebhookEvent, Webhooks } from './ports.ts';

interface Entry {
  readonly webhook: SandboxWebhook;
  readonly configured: Webhook;
  /** Ends pending deliveries when the webhook is disabled. */
  readonly disabled: AbortController;
}

/** What ends a delivery from outside. */
interface Ends {
  readonly disabled: AbortSignal;
  readonly closed: AbortSignal;
}

export interface DeliveringOptions extends Pick<DeliveryContext, 'policy' | 'clock' | 'sender'> {
  readonly simulatedClock: SimulatedClock;
  /** Given, retries go by a scale of their own. */
  readonly retryScale?: TimeScale | undefined;
  readonly random: Random;
  readonly fileOrigin: () => string;
  readonly onDelivery?: (delivery: Delivery) => void;
}

/** The sandbox's own webhooks: each event is composed, signed and delivered with the real schedule. */
export class DeliveringWebhooks implements Webhooks {
  readonly #options: DeliveringOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #events = new Map<string, WebhookEvent>();
  readonly #firstAttempts = new Set<Promise<void>>();
  #closed = new AbortController();

  constructor(options: DeliveringOptions) {
    this.#options = options;
  }

  list(): readonly SandboxWebhook[] {
    return [...this.#entries.values()].map(({ webhook }) => webhook);
  }

  get(id: string): SandboxWebhook | undefined {
    return this.#entries.get(id)?.webhook;
  }

  create(attributes: WebhookAttributes, id?: string): SandboxWebhook {
    const secrets = attributes.secrets ?? [{ value: attributes.secret ?? newSecret(), 'expires-at': null }];
    return this.#put({
      id: id ?? newId('wbh', this.#options.random),
      attributes: { status: 'enabled', ...attributes, secret: undefined, secrets },
      createdAtMs: Math.floor(this.#options.simulatedClock.now()),
    });
  }

  update(id: string, changes: WebhookAttributes): SandboxWebhook {
    const { webhook } = this.#entry(id);
    return this.#put({ ...webhook, attributes: { ...webhook.attributes, ...changes } });
  }

  setStatus(id: string, status: 'enabled' | 'disabled' | 'archived'): SandboxWebhook {
    const { disabled } = this.#entry(id);
    const updated = this.update(id, { status });
    if (status === 'enabled') return updated;
    disabled.abort();
    this.#entries.set(id, { ...this.#entry(id), disabled: new AbortController() });
    return updated;
  }

  rotateSecret(id: string, graceSeconds: number): SandboxWebhook {
    const { attributes } = this.#entry(id).webhook;
    const endsAt = new Date(this.#options.simulatedClock.now() + graceSeconds * 1000).toISOString();
    const former = (attributes.secrets ?? []).slice(0, MAX_SECRETS - 1);
    const kept = graceSeconds > 0 ? former.map((secret) => ({ ...secret, 'expires-at': endsAt })) : [];
    return this.update(id, { secrets: [{ value: newSecret(), 'expires-at': null }, ...kept] });
  }

  publish(event: Event): void {
    for (const id of this.#entries.keys()) this.#send(id, event);
  }

  async firstAttempts(): Promise<void> {
    await Promise.all(this.#firstAttempts);
  }

  webhookEvents(): readonly WebhookEvent[] {
    return [...this.#events.values()];
  }

  /** Ends what is pending, and forgets all. */
  clear(): void {
    this.#closed.abort();
    this.#closed = new AbortController();
    this.#entries.clear();
    this.#events.clear();
  }

  #entry(id: string): Entry {
    const entry = this.#entries.get(id);
    if (entry === undefined) throw new Error(`no webhook ${id}`);
    return entry;
  }

  #put(webhook: SandboxWebhook): SandboxWebhook {
    const configured = configureWebhook(webhook.attributes, { fileOrigin: this.#options.fileOrigin() });
    const disabled = this.#entries.get(webhook.id)?.disabled ?? new AbortController();
    this.#entries.set(webhook.id, { webhook, configured, disabled });
    return webhook;
  }

  #send(webhookId: string, event: Event): void {
    const { configured, disabled } = this.#entry(webhookId);
    const payload = composePayload(event, configured.payload);
    const verdict = configured.verdict(event.name, payload);
    if (verdict.kind === 'not-enabled') return;
    const record = this.#record(webhookId, event);
    if (verdict.kind === 'filtered') {
      this.#settle(record, 'skipped');
      return;
    }
    const { endpoint } = configured;
    const job = {
      eventId: event.id,
      eventName: event.name,
      body: payload.body,
      endpoint,
      // A secret that was rotated meanwhile signs the next attempt.
      requestFor: (position: Parameters<typeof buildRequest>[2]) =>
        buildRequest(this.#entries.get(webhookId)?.configured.endpoint ?? endpoint, payload.body, position),
    };
    void this.#deliver(job, record, { disabled: disabled.signal, closed: this.#closed.signal });
  }

  async #deliver(job: DeliveryJob, record: WebhookEvent, { disabled, closed }: Ends): Promise<void> {
    const { simulatedClock, onDelivery } = this.#options;
    let isTried: () => void = () => undefined;
    const firstAttempt = new Promise<void>((resolve) => {
      isTried = resolve;
    });
    this.#firstAttempts.add(firstAttempt);
    // The answer to the request that caused the event goes first, as it nearly always does.
    await simulatedClock.during(() => new Promise(setImmediate));
    const signal = AbortSignal.any([disabled, closed]);
    const delivery = await this.#attempts(job, { signal, onAttempt: () => isTried() });
    isTried();
    this.#firstAttempts.delete(firstAttempt);
    // It is of a past that a reset has taken away.
    if (closed.aborted) return;
    const state = delivery.state === 'completed' ? 'completed' : 'failed';
    this.#settle(record, state);
    onDelivery?.({ ...delivery, state });
  }

  /** Retries of another scale have a clock for each delivery: what one skips, no time that passes for the others. */
  #attempts(job: DeliveryJob, told: Pick<DeliveryContext, 'signal' | 'onAttempt'>): Promise<Delivery> {
    const { policy, clock, sender, simulatedClock, retryScale } = this.#options;
    const context = { policy, clock, sender, skippedMs: simulatedClock.movedMs, ...told };
    if (retryScale === undefined) return deliver(job, { ...context, simulatedClock });
    const own = new MovableClock(simulatedClock, retryScale);
    return simulatedClock.during(() => deliver(job, { ...context, simulatedClock: own }));
  }

  #record(webhookId: string, event: Event): WebhookEvent {
    const atMs = Math.floor(this.#options.simulatedClock.now());
    const record: WebhookEvent = {
      id: newId('wbhevt', this.#options.random),
      eventId: event.id,
      eventName: event.name,
      webhookId,
      status: 'pending',
      createdAtMs: atMs,
      updatedAtMs: atMs,
    };
    this.#events.set(record.id, record);
    return record;
  }

  #settle(record: WebhookEvent, status: WebhookEvent['status']): void {
    const updatedAtMs = Math.floor(this.#options.simulatedClock.now());
    this.#events.set(record.id, { ...record, status, updatedAtMs });
  }
}

function newSecret(): string {
  return `${SECRET_PREFIX}${randomUUID()}`;
}
