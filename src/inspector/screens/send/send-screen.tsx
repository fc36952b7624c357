import { signal } from '@preact/signals';
import { isReadOnly, post } from '../../api/client.ts';
import type { Delivery, EventNames, Preview } from '../../api/records.ts';
import { NoWebhook } from '../../parts/empty.tsx';
import { TYPING_MS, useAnswer } from '../../parts/use-answer.ts';
import { useLoaded, type Loaded } from '../../parts/use-loaded.ts';
import { put } from '../../state/deliveries.ts';
import { WebhookSelect } from '../../parts/webhook-select.tsx';
import { attempt as carryOut } from '../../state/notice.ts';
import { addressOf, go, route, setParams } from '../../state/route.ts';
import { areWebhooksLoaded, webhooks } from '../../state/webhooks.ts';
import { EventPicker } from './event-picker.tsx';
import { Overrides } from './overrides.tsx';
import { PreviewView } from './preview-view.tsx';
import { ScenarioForm } from './scenario-form.tsx';
import { requestOf, type SendForm } from './send-form.ts';

const DEFAULT_EVENT = 'inquiry.approved';

/** Still there for whoever comes back from a delivery to send the next one. */
const written = signal<SendForm>({ overrides: '', referenceId: '', signature: 'valid' });

export function SendScreen() {
  const { event = DEFAULT_EVENT, webhook = '' } = route.value.params;
  const { request, error } = requestOf({ ...written.value, event, webhook });
  // While a line is being written the preview is of the event as it is: its paths complete the line.
  const plain = requestOf({ ...written.value, event, webhook, overrides: '' });
  const preview = usePreview(error === undefined ? request : plain.request);
  const isReady = error === undefined && preview.value !== undefined && !isReadOnly.value;
  const send = () => {
    if (isReady) void carryOut(() => sendNow(request));
  };
  return (
    <form
      class="send"
      onKeyDown={({ key, ctrlKey, metaKey }) => {
        if (key === 'Enter' && (ctrlKey || metaKey)) send();
      }}
      onSubmit={(submit) => {
        submit.preventDefault();
        send();
      }}
    >
      <Pick event={event} />
      <section class="form" aria-label="Overrides">
        {webhooks.value.length > 1 && (
          <WebhookSelect
            isField
            label="To the webhook"
            value={webhook}
            onPick={(id) => setParams({ webhook: id })}
          />
        )}
        <Overrides
          form={written.value}
          onChange={(form) => (written.value = form)}
          preview={preview.value}
          error={error}
        />
        <button type="submit" class="primary wide" disabled={!isReady}>
          Send {event} <kbd>Ctrl ↵</kbd>
        </button>
        <ScenarioForm webhook={webhook} referenceId={written.value.referenceId} />
      </section>
      <Result preview={preview} />
    </form>
  );
}

async function sendNow(request: object): Promise<void> {
  const delivery = await post<Delivery>('/v1/deliveries', request);
  put([delivery]);
  go(addressOf({ screen: 'deliveries', id: delivery.id, params: {} }));
}

function Pick({ event }: { event: string }) {
  const { value: names, error } = useLoaded<EventNames>('/v1/event-names');
  return (
    <section class="pick" aria-labelledby="send-title">
      <h1 id="send-title">Send an event</h1>
      {error !== undefined && <p class="error">{error}</p>}
      {names !== undefined && (
        <EventPicker events={names.events} current={event} onPick={(name) => setParams({ event: name })} />
      )}
    </section>
  );
}

function Result({ preview }: { preview: Loaded<Preview> }) {
  if (!areWebhooksLoaded.value || webhooks.value.length > 0) {
    return <PreviewView preview={preview.value} error={preview.error} />;
  }
  return (
    <section class="preview card" aria-label="Preview">
      <NoWebhook title="Where should this event go?">
        <p>An event is sent to a webhook, and there is none yet.</p>
      </NoWebhook>
    </section>
  );
}

/** What would be sent; asked anew when a webhook comes, goes or is switched off. */
function usePreview(request: object): Loaded<Preview> {
  const revision = webhooks.value.map(({ id, status }) => `${id} ${status}`).join();
  const body = revision === '' ? undefined : request;
  return useAnswer<Preview>({ path: '/v1/preview', body, delayMs: TYPING_MS, revision });
}
