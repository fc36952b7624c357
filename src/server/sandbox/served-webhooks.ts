import type { Event } from '../../event/build.ts';
import { composePayload } from '../../payload/compose.ts';
import type { WebhookAttributes } from '../../persona/webhook.ts';
import { DEVELOPMENT_SECRET } from '../../signing/sign.ts';
import type { SandboxWebhook, WebhookEvent } from '../../sandbox/ports.ts';
import type { SeedableWebhooks } from '../../sandbox/start.ts';
import type { KeptAttempt, KeptDelivery } from '../deliveries/kept-delivery.ts';
import { isSettled } from '../deliveries/kept-delivery.ts';
import { publish } from '../deliveries/publish.ts';
import type { ServerState } from '../server-state.ts';
import type { ServedWebhook } from '../webhooks/served-webhook.ts';

/** The server's webhooks and deliveries, as the sandbox sees them. */
export class ServedWebhooks implements SeedableWebhooks {
  readonly #state: ServerState;
  readonly #fileOrigin: () => string;
  #isQuiet = false;

  constructor(state: ServerState, fileOrigin: () => string) {
    this.#state = state;
    this.#fileOrigin = fileOrigin;
  }

  /** Does what must send nothing. */
  quietly(work: () => void): void {
    this.#isQuiet = true;
    work();
    this.#isQuiet = false;
  }

  list(): readonly SandboxWebhook[] {
    return this.#state.webhooks.list().map(shown);
  }

  get(id: string): SandboxWebhook | undefined {
    const webhook = this.#state.webhooks.find(id);
    // Aliases are ours, not Persona's.
    return webhook?.id === id ? shown(webhook) : undefined;
  }

  create(attributes: WebhookAttributes, id?: string): SandboxWebhook {
    const webhook = this.#state.webhooks.create({ attributes, id });
    const hasSecret = attributes.secret != null || attributes.secrets !== undefined;
    if (!hasSecret) this.#state.webhooks.rotateSecret(webhook, { expiresInMs: 0 });
    return shown(webhook);
  }

  update(id: string, changes: WebhookAttributes): SandboxWebhook {
    const webhook = this.#state.webhooks.get(id);
    this.#state.webhooks.update(webhook, changes);
    return shown(webhook);
  }

  setStatus(id: string, status: 'enabled' | 'disabled' | 'archived'): SandboxWebhook {
    const webhook = this.#state.webhooks.get(id);
    this.#state.webhooks.setStatus(webhook, status);
    return shown(webhook);
  }

  rotateSecret(id: string, graceSeconds: number): SandboxWebhook {
    const webhook = this.#state.webhooks.get(id);
    this.#state.webhooks.rotateSecret(webhook, { expiresInMs: graceSeconds * 1000 });
    return shown(webhook);
  }

  /** As the webhooks send it, with files that this server serves. */
  publish(event: Event): void {
    if (this.#isQuiet) return;
    publish(event, this.#state, ({ simulator: { webhook } }) => {
      const tokens = { ...webhook.payload.tokens, origin: this.#fileOrigin() };
      return composePayload(event, { ...webhook.payload, tokens });
    });
  }

  firstAttempts(): Promise<void> {
    const { history } = this.#state;
    // What waits for its time is not under way.
    const isTried = (delivery: KeptDelivery) =>
      isSettled(delivery) ||
      delivery.dueOnClockMs !== undefined ||
      delivery.attempts[0]?.outcome !== undefined;
    const areAllTried = () => [...history.all].every(isTried);
    return new Promise((resolve) => {
      if (areAllTried()) {
        resolve();
        return;
      }
      const stop = history.onChange(() => {
        if (!areAllTried()) return;
        stop();
        resolve();
      });
    });
  }

  webhookEvents(): readonly WebhookEvent[] {
    return [...this.#state.history.all].map(webhookEventOf);
  }
}

/** With times of the webhook's clock, as far as its attempts tell them. */
function webhookEventOf(delivery: KeptDelivery): WebhookEvent {
  const { id, eventId, eventName, webhookId, state, attempts } = delivery;
  const createdAtMs = delivery.createdAtMs + aheadOf(attempts[0]);
  const { settledAtMs } = delivery;
  return {
    id: `wbhevt_${id}`,
    ...{ eventId, eventName, webhookId, createdAtMs },
    status: state === 'cancelled' ? 'failed' : state,
    updatedAtMs: settledAtMs === undefined ? createdAtMs : settledAtMs + aheadOf(attempts.at(-1)),
  };
}

/** What simulated time was ahead of the real one when the attempt began. */
function aheadOf(attempt: KeptAttempt | undefined): number {
  return attempt === undefined ? 0 : attempt.simulatedAtMs - attempt.startedAtMs;
}

/** Persona shows a webhook's secrets; ours has one of them or a list. */
function shown({ id, attributes, createdAtMs }: ServedWebhook): SandboxWebhook {
  const secrets = attributes.secrets ?? [{ value: attributes.secret ?? DEVELOPMENT_SECRET }];
  return { id, attributes: { ...attributes, secrets }, createdAtMs };
}
