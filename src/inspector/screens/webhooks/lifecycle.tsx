import { change, pathOf, post } from '../../api/client.ts';
import type { Webhook } from '../../api/records.ts';
import { ConfirmButton } from '../../parts/confirm-button.tsx';
import { LinkButton } from '../../parts/empty.tsx';
import { pendingCountOf } from '../../state/deliveries.ts';
import { attempt, tell } from '../../state/notice.ts';
import { addressOf, go } from '../../state/route.ts';
import { dropWebhook, putWebhook, titleOf } from '../../state/webhooks.ts';
import { counted } from '../../text/format.ts';

export function Lifecycle({ webhook }: { webhook: Webhook }) {
  const { id, status } = webhook;
  const enable = async () => {
    putWebhook(await post<Webhook>(pathOf`/v1/webhooks/${id}/enable`));
    tell('Enabled');
  };
  return (
    <div class="actions">
      <LinkButton to={addressOf({ screen: 'send', id: undefined, params: { webhook: id } })}>
        Send an event
      </LinkButton>
      {status === 'enabled' ? (
        <Disable webhook={webhook} />
      ) : (
        <button type="button" onClick={() => void attempt(enable)}>
          Enable
        </button>
      )}
      <Delete webhook={webhook} />
    </div>
  );
}

/** Asks only where deliveries would be lost. */
function Disable({ webhook: { id } }: { webhook: Webhook }) {
  const pending = pendingCountOf(id);
  const disable = async () => {
    putWebhook(await post<Webhook>(pathOf`/v1/webhooks/${id}/disable`));
    tell(pending === 0 ? 'Disabled' : 'Disabled; its pending deliveries failed');
  };
  if (pending > 0) {
    return (
      <ConfirmButton
        label="Disable"
        title="Disable the webhook?"
        text={`${pendingText(pending)} Nothing more is sent to it until it is enabled again.`}
        onConfirm={disable}
      />
    );
  }
  return (
    <button type="button" onClick={() => void attempt(disable)}>
      Disable
    </button>
  );
}

function Delete({ webhook }: { webhook: Webhook }) {
  const { id } = webhook;
  const pending = pendingCountOf(id);
  const remove = async () => {
    await change('DELETE', pathOf`/v1/webhooks/${id}`);
    dropWebhook(id);
    go('#/webhooks');
    tell('The webhook is gone');
  };
  return (
    <ConfirmButton
      label="Delete"
      title="Delete the webhook?"
      text={`${titleOf(webhook)}, its secrets and its clock are gone for good; its deliveries stay in the list. ${pendingText(pending)}`}
      onConfirm={remove}
    />
  );
}

function pendingText(pending: number): string {
  if (pending === 0) return '';
  return `${counted(pending, 'pending delivery', 'pending deliveries')} to it will fail.`;
}
