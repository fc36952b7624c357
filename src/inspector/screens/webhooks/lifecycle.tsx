import { change, pathOf, post } from '../../api/client.ts';
import type { Webhook } from '../../api/records.ts';
import { attempt, tell } from '../../state/notice.ts';
import { addressOf, go } from '../../state/route.ts';
import { dropWebhook, putWebhook } from '../../state/webhooks.ts';

export function Lifecycle({ webhook: { id, status } }: { webhook: Webhook }) {
  const isEnabled = status === 'enabled';
  const toggle = async () => {
    const action = isEnabled ? 'disable' : 'enable';
    putWebhook(await post<Webhook>(`${pathOf`/v1/webhooks/${id}/`}${action}`));
    tell(isEnabled ? 'Disabled; its pending deliveries failed' : 'Enabled');
  };
  const remove = async () => {
    await change('DELETE', pathOf`/v1/webhooks/${id}`);
    dropWebhook(id);
    go('#/webhooks');
    tell('The webhook is gone');
  };
  return (
    <div class="actions">
      <a class="button primary" href={addressOf({ screen: 'send', id: undefined, params: { webhook: id } })}>
        Send an event
      </a>
      <button type="button" onClick={() => void attempt(toggle)}>
        {isEnabled ? 'Disable' : 'Enable'}
      </button>
      <button type="button" onClick={() => void attempt(remove)}>
        Delete
      </button>
    </div>
  );
}
