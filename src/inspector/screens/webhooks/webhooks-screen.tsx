import { isReadOnly } from '../../api/client.ts';
import type { Webhook } from '../../api/records.ts';
import { Address } from '../../parts/address.tsx';
import { addressOf, route } from '../../state/route.ts';
import { webhooks } from '../../state/webhooks.ts';
import { Lifecycle } from './lifecycle.tsx';
import { Secrets } from './secrets.tsx';
import { WebhookEditor } from './webhook-editor.tsx';

export function WebhooksScreen() {
  const { id } = route.value;
  const webhook = webhooks.value.find((one) => one.id === id) ?? webhooks.value[0];
  const isNew = id === 'new' || webhook === undefined;
  return (
    <div class="webhooks">
      <section class="side" aria-labelledby="webhooks-title">
        <h1 id="webhooks-title">Webhooks</h1>
        <ul>
          {webhooks.value.map((one) => (
            <WebhookLink key={one.id} webhook={one} isCurrent={!isNew && one.id === webhook.id} />
          ))}
        </ul>
        {!isReadOnly.value && (
          <a class="button" href="#/webhooks/new" aria-current={isNew ? 'true' : undefined}>
            Add a webhook
          </a>
        )}
      </section>
      <section class="main" aria-label="Webhook">
        {isNew ? <NewWebhook /> : <OneWebhook key={webhook.id} webhook={webhook} />}
      </section>
    </div>
  );
}

function WebhookLink({ webhook, isCurrent }: { webhook: Webhook; isCurrent: boolean }) {
  const { id, name, url, status, alias } = webhook;
  return (
    <li>
      <a
        href={addressOf({ screen: 'webhooks', id, params: {} })}
        aria-current={isCurrent ? 'true' : undefined}
      >
        <strong>{name ?? <Address text={url} />}</strong>
        <span>
          {status}
          {alias !== null && ', default'}
        </span>
      </a>
    </li>
  );
}

function NewWebhook() {
  if (isReadOnly.value) return <p class="empty">There is no webhook, and this server is read-only.</p>;
  return (
    <div class="delivery">
      <h2>New webhook</h2>
      <WebhookEditor webhook={undefined} />
    </div>
  );
}

function OneWebhook({ webhook }: { webhook: Webhook }) {
  const { name, url, status, warnings } = webhook;
  return (
    <div class="delivery">
      <header class="head">
        <div class="title">
          <h2>{name ?? <Address text={url} />}</h2>
          <span class={`badge ${status === 'enabled' ? 'completed' : 'cancelled'}`}>{status}</span>
        </div>
        <p class="facts">
          <span class="mono">{webhook.id}</span>
          {name !== null && (
            <span class="mono">
              <Address text={url} />
            </span>
          )}
          <span>{webhook.policy.name}</span>
        </p>
        {warnings.map((warning) => (
          <p key={warning} class="note warn">
            {warning}
          </p>
        ))}
        {!isReadOnly.value && <Lifecycle webhook={webhook} />}
      </header>
      <WebhookEditor webhook={webhook} />
      <Secrets webhook={webhook} />
    </div>
  );
}
