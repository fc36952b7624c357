import { useEffect, useState } from 'preact/hooks';
import { isReadOnly, messageOf, post } from '../../api/client.ts';
import type { Delivery, EventNames, Preview } from '../../api/records.ts';
import { Select } from '../../parts/fields.tsx';
import { useLoaded } from '../../parts/use-loaded.ts';
import { put } from '../../state/deliveries.ts';
import { attempt as carryOut } from '../../state/notice.ts';
import { addressOf, go, route, setParams } from '../../state/route.ts';
import { areWebhooksLoaded, webhooks } from '../../state/webhooks.ts';
import { EventPicker } from './event-picker.tsx';
import { Overrides } from './overrides.tsx';
import { PreviewView } from './preview-view.tsx';
import { requestOf, type SendForm } from './send-form.ts';

const DELAY_MS = 250;
const DEFAULT_EVENT = 'inquiry.approved';

export function SendScreen() {
  const { value: names, error } = useLoaded<EventNames>('/v1/event-names');
  const [form, setForm] = useState<SendForm>(EMPTY);
  const { event = DEFAULT_EVENT, webhook = '' } = route.value.params;
  const { request, error: formError } = requestOf({ ...form, event, webhook });
  // While a line is being written the preview is of the event as it is: its paths complete the line.
  const plain = requestOf({ ...form, event, webhook, overrides: '' });
  const preview = usePreview(formError === undefined ? request : plain.request);
  const send = () =>
    carryOut(async () => {
      const delivery = await post<Delivery>('/v1/deliveries', request);
      put([delivery]);
      go(addressOf({ screen: 'deliveries', id: delivery.id, params: {} }));
    });
  const isReady = formError === undefined && preview.value !== undefined && !isReadOnly.value;
  return (
    <form
      class="send"
      onKeyDown={(key) => {
        if (key.key === 'Enter' && (key.ctrlKey || key.metaKey) && isReady) void send();
      }}
      onSubmit={(submit) => {
        submit.preventDefault();
        if (isReady) void send();
      }}
    >
      <section class="pick" aria-labelledby="send-title">
        <h1 id="send-title">Send an event</h1>
        {error !== undefined && <p class="error">{error}</p>}
        {names !== undefined && (
          <EventPicker events={names.events} current={event} onPick={(name) => setParams({ event: name })} />
        )}
      </section>
      <section class="form" aria-label="Overrides">
        <WebhookPicker current={webhook} />
        <Overrides form={form} onChange={setForm} preview={preview.value} error={formError} />
        <button type="submit" class="primary wide" disabled={!isReady}>
          Send {event} <kbd>Ctrl ↵</kbd>
        </button>
      </section>
      {areWebhooksLoaded.value && webhooks.value.length === 0 ? (
        <NoWebhook />
      ) : (
        <PreviewView preview={preview.value} error={preview.error} />
      )}
    </form>
  );
}

function NoWebhook() {
  return (
    <section class="preview card" aria-label="Preview">
      <div class="empty">
        <h2>Where should this event go?</h2>
        <p>An event is sent to a webhook, and there is none yet.</p>
        {!isReadOnly.value && (
          <p>
            <a class="button primary" href="#/webhooks/new">
              Add a webhook
            </a>
          </p>
        )}
      </div>
    </section>
  );
}

function WebhookPicker({ current }: { current: string }) {
  if (webhooks.value.length < 2) return null;
  return (
    <Select
      label="Webhook"
      value={current}
      onPick={(id) => setParams({ webhook: id })}
      options={webhooks.value.map(({ id, alias, url }) => [alias === 'default' ? '' : id, url] as const)}
    />
  );
}

const EMPTY: SendForm = { overrides: '', referenceId: '', signature: 'valid' };

/** What would be sent, a moment after the last change. */
function usePreview(request: object): { readonly value?: Preview; readonly error?: string } {
  const [state, setState] = useState<{ value?: Preview; error?: string }>({});
  const key = JSON.stringify(request);
  const ids = webhooks.value.map(({ id, status }) => `${id} ${status}`).join();
  useEffect(() => {
    if (ids === '') return undefined;
    let isStale = false;
    const timer = setTimeout(() => {
      post<Preview>('/v1/preview', request).then(
        (value) => isStale || setState({ value }),
        (error: unknown) => isStale || setState({ error: messageOf(error) }),
      );
    }, DELAY_MS);
    return () => {
      isStale = true;
      clearTimeout(timer);
    };
  }, [key, ids]);
  return ids === '' ? {} : state;
}
