import { useState } from 'preact/hooks';
import { change, isReadOnly, pathOf, post } from '../../api/client.ts';
import type { Webhook } from '../../api/records.ts';
import { Field, TextField } from '../../parts/fields.tsx';
import { useLoaded } from '../../parts/use-loaded.ts';
import { attempt, tell } from '../../state/notice.ts';
import { addressOf, go } from '../../state/route.ts';
import { putWebhook } from '../../state/webhooks.ts';
import { BlocklistHits } from './blocklist-hits.tsx';
import { changesOf, EMPTY_FORM, formOf, type FormErrors, type WebhookForm } from './webhook-form.ts';

/** Persona's attributes of a webhook; without one, of a new one. */
export function WebhookEditor({ webhook }: { webhook: Webhook | undefined }) {
  const before = webhook === undefined ? EMPTY_FORM : formOf(webhook);
  const [form, setForm] = useState<WebhookForm>(before);
  const { changes, errors } = changesOf(form, before);
  const isReady = Object.keys(changes).length > 0 && Object.keys(errors).length === 0 && form.url !== '';
  const save = async () => {
    const saved =
      webhook === undefined
        ? await post<Webhook>('/v1/webhooks', changes)
        : await change<Webhook>('PATCH', pathOf`/v1/webhooks/${webhook.id}`, changes);
    putWebhook(saved);
    setForm(formOf(saved));
    tell('Saved');
    if (webhook === undefined) go(addressOf({ screen: 'webhooks', id: saved.id, params: {} }));
  };
  return (
    <form
      class="card fields"
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady) void attempt(save);
      }}
    >
      <fieldset disabled={isReadOnly.value} aria-label="Attributes">
        <Attributes {...{ form, setForm, errors }} />
      </fieldset>
      <BlocklistHits text={form['api-attributes-blocklist']} hasWebhook={webhook !== undefined} />
      {!isReadOnly.value && (
        <button type="submit" class="primary" disabled={!isReady}>
          {webhook === undefined ? 'Add the webhook' : 'Save changes'}
        </button>
      )}
    </form>
  );
}

interface AttributesProps {
  readonly form: WebhookForm;
  readonly setForm: (form: WebhookForm) => void;
  readonly errors: FormErrors;
}

function Attributes({ form, setForm, errors }: AttributesProps) {
  const field = (name: keyof WebhookForm) => ({
    value: form[name],
    error: errors[name],
    onInput: (value: string) => setForm({ ...form, [name]: value }),
  });
  return (
    <>
      <TextField label="URL" placeholder="http://localhost:3000/webhooks" {...field('url')} />
      <TextField label="Name" {...field('name')} />
      <div class="two">
        <Choice label="API version" name="api-version" {...field('api-version')} />
        <Choice label="API key inflection" name="api-key-inflection" {...field('api-key-inflection')} />
      </div>
      <TextField
        label="Enabled events"
        rows={3}
        hint="One per line; * is all."
        {...field('enabled-events')}
      />
      <TextField
        label="Custom HTTP headers"
        rows={2}
        placeholder="X-Tenant: a"
        hint="One per line. Values of credentials are not shown; write them again to change one."
        {...field('custom-http-headers')}
      />
      <TextField
        label="Payload filter"
        rows={3}
        placeholder={'{"data": {"attributes": {"status": "approved"}}}'}
        {...field('payload-filter')}
      />
      <TextField
        label="API attributes blocklist"
        rows={4}
        placeholder={'name-last\naddress-*'}
        hint="One entry per line; * stands for any text."
        {...field('api-attributes-blocklist')}
      />
    </>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly name: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
}

interface Description {
  readonly components: {
    readonly schemas: Readonly<
      Record<
        string,
        { readonly properties?: Readonly<Record<string, { readonly enum?: readonly string[] }>> }
      >
    >;
  };
}

/** What the server's own description allows. */
function Choice({ label, name, value, onInput }: ChoiceProps) {
  const { value: description } = useLoaded<Description>('/openapi.json');
  const known = description?.components.schemas['NewWebhook']?.properties?.[name]?.enum ?? [];
  const options = [...new Set([value, ...known])].filter((option) => option !== '');
  return (
    <Field label={label}>
      {(id) => (
        <select id={id} value={value} onChange={(event) => onInput(event.currentTarget.value)}>
          {value === '' && <option value="">newest</option>}
          {options.map((option) => (
            <option key={option} value={option} selected={option === value}>
              {option}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
