import { newId } from '../../persona/ids.ts';
import { MAX_SECRETS, SECRET_PREFIX } from '../../persona/contract.ts';
import type { WebhookAttributes } from '../../persona/webhook.ts';
import type { Random } from '../../ports.ts';
import type { SimulatorOptions } from '../../simulator/deps.ts';
import type { Simulator } from '../../simulator/simulator.ts';
import { DEVELOPMENT_SECRET } from '../../signing/sign.ts';
import { meant, nearest } from '../../text/nearest.ts';
import type { WebhookExtras } from '../../webhook/configure.ts';
import { ProblemError, REFUSED } from '../api/problem.ts';
import { ServedWebhook, type NewWebhook, type WebhookStatus } from './served-webhook.ts';

export type WebhookChange =
  | { readonly kind: 'created' | 'changed'; readonly webhook: ServedWebhook }
  | { readonly kind: 'status'; readonly webhook: ServedWebhook; readonly status: WebhookStatus }
  | { readonly kind: 'forgotten'; readonly webhook: ServedWebhook };

/** Names the oldest webhook that is not archived: a test with one webhook needs no id. */
export const DEFAULT_ALIAS = 'default';

export interface RegistryOptions extends Omit<
  SimulatorOptions,
  'webhook' | 'seed' | 'policy' | 'timeScale' | 'extras'
> {
  readonly random: Random;
  /** Real time. */
  readonly now: () => number;
  /** The id that a webhook has wherever it is known already. @default drawn */
  readonly idOf?: ((simulator: Simulator) => string) | undefined;
}

/** The webhooks of a server, oldest first. */
export class WebhookRegistry {
  readonly #options: RegistryOptions;
  readonly #webhooks = new Map<string, ServedWebhook>();
  readonly #listeners = new Set<(change: WebhookChange) => void>();

  constructor(options: RegistryOptions) {
    this.#options = options;
  }

  /** @throws {UsageError | BlocklistSyntaxError | ProblemError} when it makes no sense, or the id is taken */
  create(given: NewWebhook): ServedWebhook {
    const webhook = new ServedWebhook(given, {
      ...this.#options,
      createdAtMs: this.#options.now(),
      idOf: (simulator) => this.#idFor(given, simulator),
    });
    const { id } = webhook;
    if (this.#webhooks.has(id)) throw new ProblemError([409, 'taken'], `there is a webhook ${id} already`);
    this.#webhooks.set(id, webhook);
    this.#tell({ kind: 'created', webhook });
    return webhook;
  }

  #idFor({ id }: NewWebhook, simulator: Simulator): string {
    const known = id ?? this.#options.idOf?.(simulator);
    if (id !== undefined || (known !== undefined && !this.#webhooks.has(known))) return known ?? '';
    return newId('wbh', this.#options.random);
  }

  list(): ServedWebhook[] {
    return [...this.#webhooks.values()];
  }

  /** By id or alias. */
  find(idOrAlias: string): ServedWebhook | undefined {
    if (idOrAlias === DEFAULT_ALIAS) return this.list().find(({ status }) => status !== 'archived');
    return this.#webhooks.get(idOrAlias);
  }

  /** @throws {ProblemError} 404 with the nearest ids */
  get(idOrAlias: string): ServedWebhook {
    const found = this.find(idOrAlias);
    if (found !== undefined) return found;
    if (idOrAlias === DEFAULT_ALIAS) throw new ProblemError(REFUSED.notFound, NO_WEBHOOK);
    const near = nearest(idOrAlias, [DEFAULT_ALIAS, ...this.#webhooks.keys()]);
    const guess = meant(near, 'list them with GET /v1/webhooks');
    throw new ProblemError(REFUSED.notFound, `there is no webhook '${idOrAlias}'; ${guess}`, { near });
  }

  /** For who has waited since it was found. @throws {ProblemError} 404 */
  checkPresent(webhook: ServedWebhook): void {
    if (this.#webhooks.get(webhook.id) === webhook) return;
    throw new ProblemError(REFUSED.notFound, `the webhook ${webhook.id} was removed meanwhile`);
  }

  isDefault(webhook: ServedWebhook): boolean {
    return this.find(DEFAULT_ALIAS) === webhook;
  }

  /**
   * Replaces the attributes given; null takes one away.
   * @throws as `create` and `setStatus`, and changes nothing then
   */
  update(webhook: ServedWebhook, changes: AttributeChanges, extras?: WebhookExtras): void {
    // One secret takes the place of those that a rotation listed.
    const replaced = changes.secret === undefined ? {} : { secrets: null };
    const all = { ...webhook.attributes, ...replaced, ...changes };
    const before = webhook.status;
    checkNotArchived(webhook, all.status ?? 'enabled');
    const merged = Object.entries(all).filter(([, value]) => value != null);
    webhook.change(Object.fromEntries(merged), extras);
    if (webhook.status === before) this.#tell({ kind: 'changed', webhook });
    else this.#tell({ kind: 'status', webhook, status: webhook.status });
  }

  /**
   * Without `enabled` its pending deliveries fail, as at Persona; `archived` is for good: it stays readable.
   * @throws {ProblemError} 409 for an archived one
   */
  setStatus(webhook: ServedWebhook, status: WebhookStatus): void {
    checkNotArchived(webhook, status);
    if (webhook.status === status) return;
    webhook.change({ ...webhook.attributes, status });
    this.#tell({ kind: 'status', webhook, status });
  }

  /** Removes it. */
  forget(webhook: ServedWebhook): void {
    this.#webhooks.delete(webhook.id);
    this.#tell({ kind: 'forgotten', webhook });
  }

  /**
   * Gives the webhook a new secret. The present one signs as well until it expires on the webhook's clock, at once
   * when `expiresInMs` is 0. @returns the new secret
   */
  rotateSecret(
    webhook: ServedWebhook,
    { secret = this.#newSecret(), expiresInMs }: { secret?: string | undefined; expiresInMs: number },
  ): string {
    const nowMs = webhook.clock.now();
    const { secrets, secret: single } = webhook.attributes;
    const current = secrets?.find(({ 'expires-at': end }) => end == null)?.value ?? single;
    const old = {
      value: current ?? DEVELOPMENT_SECRET,
      'expires-at': new Date(nowMs + expiresInMs).toISOString(),
    };
    const kept = expiresInMs > 0 ? [old] : [];
    webhook.change({
      ...webhook.attributes,
      secret: null,
      secrets: [{ value: secret }, ...kept].slice(0, MAX_SECRETS),
    });
    this.#tell({ kind: 'changed', webhook });
    return secret;
  }

  /** Calls the listener at every change; returns what ends that. */
  onChange(listener: (change: WebhookChange) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  #newSecret(): string {
    const digit = () => this.#options.random.below(16).toString(16);
    const part = (length: number) => Array.from({ length }, digit).join('');
    return SECRET_PREFIX + [part(8), part(4), part(4), part(4), part(12)].join('-');
  }

  #tell(change: WebhookChange): void {
    for (const listener of this.#listeners) listener(change);
  }
}

/** @throws {ProblemError} 409 */
function checkNotArchived({ id, status }: ServedWebhook, next: WebhookStatus): void {
  if (status !== 'archived' || next === 'archived') return;
  throw new ProblemError([409, 'archived'], `the webhook ${id} is archived`, { state: 'archived' });
}

export type AttributeChanges = {
  readonly [Name in keyof WebhookAttributes]?: WebhookAttributes[Name] | null | undefined;
};

const NO_WEBHOOK =
  'there is no webhook yet; create one: POST /v1/webhooks {"url": "http://localhost:3000/webhooks"}';
