import { fromValue, type JsonObject, type JsonValue } from '../../json/node.ts';
import { FILE_TOKEN_SECONDS_DEFAULT, NEWEST_API_VERSION, type ApiVersion } from '../../persona/contract.ts';
import type { WebhookAttributes } from '../../persona/webhook.ts';
import { ApiError } from '../errors.ts';
import { changes, lists, one, reads, type Call, type Result, type Route } from '../http/call.ts';
import type { SandboxWebhook } from '../ports.ts';
import { HookcastError } from '../../errors.ts';
import { isoSeconds } from '../state/environment.ts';
import { listingOfAll, pageOf } from './lists.ts';

export const webhookRoutes: readonly Route[] = [
  lists('list-all-webhooks', listWebhooks),
  changes('create-a-webhook', create),
  reads('retrieve-a-webhook', (call) => one(resource(find(call), 'with-secret'))),
  changes('update-a-webhook', update),
  status('enable-a-webhook', 'enabled'),
  status('disable-a-webhook', 'disabled'),
  status('archive-a-webhook', 'archived'),
  changes('rotate-a-webhook-secret', (call) => {
    const seconds = call.body('rotateSchema').meta?.['expires-in-seconds'] ?? 0;
    const { id } = find(call);
    return one(resource(call.environment.webhooks.rotateSecret(id, seconds), 'with-secret'));
  }),
  changes('clone-a-webhook', clone),
];

function find({ environment, param }: Call): SandboxWebhook {
  const webhook = environment.webhooks.get(param('webhook-id'));
  if (webhook === undefined) throw new ApiError(404);
  return webhook;
}

function listWebhooks(call: Call): Result {
  const shown = call.environment.webhooks.list().map((webhook) => resource(webhook, 'without-secret'));
  return pageOf(call, listingOfAll(shown));
}

/** OPENAPI create-a-webhook: optional before. */
const NAME_REQUIRED_FROM: ApiVersion = '2025-12-08';

/** As Persona does, disabled until it is enabled, and in the version of the request. */
function create(call: Call): Result {
  const { attributes } = call.body('createWebhookSchema').data;
  if (attributes.name === undefined && call.view.apiVersion >= NAME_REQUIRED_FROM)
    throw new ApiError(400, 'data.attributes.name is missing');
  const webhook = refusing(() =>
    call.environment.webhooks.create({
      'api-version': call.view.apiVersion,
      'included-allowlist': { state: 'include_none' },
      ...(attributes as WebhookAttributes),
      status: 'disabled',
    }),
  );
  call.hint(
    'webhook-disabled',
    `the webhook ${webhook.id} is created disabled, as Persona creates it: POST /webhooks/${webhook.id}/enable`,
  );
  return { status: 201, data: resource(webhook, 'with-secret') };
}

function update(call: Call): Result {
  const attributes = call.body('updateWebhookSchema').data?.attributes ?? {};
  const { id } = find(call);
  const webhook = refusing(() => call.environment.webhooks.update(id, attributes as WebhookAttributes));
  return one(resource(webhook, 'without-secret'));
}

function status(operation: string, to: 'enabled' | 'disabled' | 'archived'): Route {
  return changes(operation, (call) => {
    call.body('emptySchema');
    const { id, attributes } = find(call);
    if (attributes.status === 'archived' && to !== 'archived')
      throw new ApiError(409, 'The webhook is archived, and stays so: POST /webhooks/{id}/clone copies it.');
    return one(resource(call.environment.webhooks.setStatus(id, to), 'without-secret'));
  });
}

/** Everything but the secret. */
function clone(call: Call): Result {
  call.body('emptySchema');
  const { attributes } = find(call);
  const copied = Object.entries(attributes).filter(
    ([name]) => !['secret', 'secrets', 'created-at'].includes(name),
  );
  const webhook = call.environment.webhooks.create({
    ...(Object.fromEntries(copied) as WebhookAttributes),
    status: 'disabled',
  });
  return { data: resource(webhook, 'with-secret') };
}

/** What a delivery could not work with is refused here. */
function refusing<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof HookcastError)) throw error;
    throw new ApiError(422, { details: error.message });
  }
}

/** OPENAPI schemas webhook and webhook-with-secret; custom headers are never returned. */
function resource(
  { id, attributes, createdAtMs }: SandboxWebhook,
  secrets: 'with-secret' | 'without-secret',
): JsonObject {
  const listed = (attributes.secrets ?? []).map((secret) => ({
    value: secret.value,
    'expires-at': secret['expires-at'] ?? null,
  }));
  const shown = secrets === 'with-secret' ? { secret: listed[0]?.value ?? '', secrets: listed } : {};
  return fromValue({
    type: 'webhook',
    id,
    attributes: {
      status: attributes.status ?? 'enabled',
      url: attributes.url ?? '',
      name: attributes.name ?? null,
      description: attributes.description ?? null,
      ...shown,
      ...configuration(attributes),
      'created-at': isoSeconds(createdAtMs),
    },
  }) as JsonObject;
}

function configuration(attributes: WebhookAttributes): Record<string, JsonValue> {
  return {
    'api-version': attributes['api-version'] ?? NEWEST_API_VERSION,
    'api-key-inflection': attributes['api-key-inflection'] ?? 'kebab',
    'api-attributes-blocklist': attributes['api-attributes-blocklist'] ?? [],
    'file-access-token-expires-in': attributes['file-access-token-expires-in'] ?? FILE_TOKEN_SECONDS_DEFAULT,
    'enabled-events': attributes['enabled-events'] ?? ['*'],
    'payload-filter': (attributes['payload-filter'] ?? null) as JsonValue,
    'included-allowlist': attributes['included-allowlist'] ?? null,
    'relationship-allowlist': attributes['relationship-allowlist'] ?? { state: 'include_all' },
  };
}
