import { isReadOnly } from '../../api/client.ts';
import type { Webhook } from '../../api/records.ts';
import { Address } from '../../parts/address.tsx';
import { NotThere, NoWebhook } from '../../parts/empty.tsx';
import { Split } from '../../parts/split.tsx';
import { addressOf, route } from '../../state/route.ts';
import { areWebhooksLoaded, titleOf, webhookOf, webhooks } from '../../state/webhooks.ts';
import { counted, elapsed, span } from '../../text/format.ts';
import { Lifecycle } from './lifecycle.tsx';
import { Secrets } from './secrets.tsx';
import { WebhookEditor } from './webhook-editor.tsx';

/** Without a webhook in the address, the first is open where there is room for it. */
export function WebhooksScreen() {
  const { id } = route.value;
  const openId = id ?? webhooks.value[0]?.id ?? 'new';
  return (
    <Split title="Webhooks" one="Webhook" list={<List openId={openId} />} isOpen={id !== undefined}>
      {areWebhooksLoaded.value ? <Open id={openId} /> : <p class="empty">Loading…</p>}
    </Split>
  );
}

function List({ openId }: { openId: string }) {
  return (
    <>
      <ul>
        {webhooks.value.map((one) => (
          <WebhookLink key={one.id} webhook={one} isCurrent={one.id === openId} />
        ))}
      </ul>
      {!isReadOnly.value && (
        <a class="button" href="#/webhooks/new" aria-current={openId === 'new' ? 'true' : undefined}>
          Add a webhook
        </a>
      )}
    </>
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

function Open({ id }: { id: string }) {
  const webhook = webhookOf(id);
  if (webhook !== undefined) return <OneWebhook key={id} webhook={webhook} />;
  if (id === 'new') return <NewWebhook />;
  return <NotThere title={`There is no webhook “${id}”`} back={['#/webhooks', 'All webhooks']} />;
}

function NewWebhook() {
  if (isReadOnly.value) return <NoWebhook title="There is no webhook" />;
  return (
    <div class="delivery">
      <Back />
      <h2>New webhook</h2>
      <WebhookEditor webhook={undefined} />
    </div>
  );
}

function Back() {
  return (
    <a class="back" href="#/webhooks">
      ‹ Webhooks
    </a>
  );
}

function OneWebhook({ webhook }: { webhook: Webhook }) {
  const { id, name, url, status, warnings } = webhook;
  return (
    <div class="delivery">
      <header class="head">
        <Back />
        <div class="title">
          <h2>{name === null ? <Address text={url} /> : titleOf(webhook)}</h2>
          <span class={`badge ${status === 'enabled' ? 'completed' : 'cancelled'}`}>{status}</span>
        </div>
        <p class="facts">
          <span class="mono">{id}</span>
          {name !== null && (
            <span class="mono">
              <Address text={url} />
            </span>
          )}
          <span>{policyText(webhook.policy)}</span>
          <a href={addressOf({ screen: 'deliveries', id: undefined, params: { webhook: id } })}>
            Its deliveries
          </a>
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

/** `persona-2022: 9 attempts over 5d 4h, 5 s for each, 200 is success` */
function policyText({ name, delaysSeconds, timeoutMs, acceptedStatuses }: Webhook['policy']): string {
  const overMs = delaysSeconds.reduce((sum, seconds) => sum + seconds * 1000, 0);
  const attempts = counted(delaysSeconds.length + 1, 'attempt');
  return `${name}: ${attempts} over ${span(overMs)}, ${elapsed(timeoutMs)} for each, ${acceptedStatuses.join(', ')} is success`;
}
