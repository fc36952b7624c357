import type { Event } from '../event/build.ts';
import type { WebhookAttributes } from '../persona/webhook.ts';

/** A webhook as the API shows it. */
export interface SandboxWebhook {
  readonly id: string;
  /** Persona's attribute names; `secrets` are there, the newest first. */
  readonly attributes: WebhookAttributes;
  readonly createdAtMs: number;
}

/** One event on its way to one webhook, as `POST /webhook-events/search` shows it. */
export interface WebhookEvent {
  readonly id: string;
  readonly eventId: string;
  readonly eventName: string;
  readonly webhookId: string;
  readonly status: 'pending' | 'completed' | 'failed' | 'skipped';
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

/** Where the sandbox's webhooks live, and how its events get to them. */
export interface Webhooks {
  /** The oldest first. */
  list(): readonly SandboxWebhook[];
  get(id: string): SandboxWebhook | undefined;
  /** @throws {HookcastError} for attributes that no delivery could work with */
  create(attributes: WebhookAttributes): SandboxWebhook;
  /** Lays the attributes over those of the webhook. @throws {HookcastError} as `create` */
  update(id: string, changes: WebhookAttributes): SandboxWebhook;
  /** `disabled` and `archived` end pending deliveries as failed. */
  setStatus(id: string, status: 'enabled' | 'disabled' | 'archived'): SandboxWebhook;
  /** A new secret; the present one signs for `graceSeconds` more. */
  rotateSecret(id: string, graceSeconds: number): SandboxWebhook;
  /** Delivers the event to each webhook that wants it. Returns at once. */
  publish(event: Event): void;
  /** Resolves when every delivery that is under way has made its first attempt. */
  firstAttempts(): Promise<void>;
  /** The oldest first. */
  webhookEvents(): readonly WebhookEvent[];
}
