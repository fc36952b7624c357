import { useState } from 'preact/hooks';
import { change, isReadOnly, pathOf, post } from '../../api/client.ts';
import type { Webhook } from '../../api/records.ts';
import { SelectField, TextField } from '../../parts/fields.tsx';
import { useLoaded } from '../../parts/use-loaded.ts';
import { attempt, tell } from '../../state/notice.ts';
import { addressOf, go } from '../../state/route.ts';
import { putWebhook, webhooks } from '../../state/webhooks.ts';
import { BlocklistHits } from './blocklist-hits.tsx';
import { changesOf, formOf, type FormErrors, type WebhookForm } from './webhook-form.ts';

/** Persona's attributes of a webhook; without one, of a new one. */
export function WebhookEditor({ webhook }: { webhook: Webhook | undefined }) {
  const before = formOf(webhook);
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
        <Attributes {...{ form, setForm, errors }} isNew={webhook === undefined} />
      </fieldset>
      {!isReadOnly.value && (
        <button type="submit" class="primary" aria-disabled={!isReady}>
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
  readonly isNew: boolean;
}

/** The first is the usual one. */
const POLICIES = [
  ['', 'persona-2022: 9 attempts over 5 days'],
  ['persona-2026', 'persona-2026: 8 attempts over 2 days'],
  ['persona-2020', 'persona-2020: 5 attempts over 6 minutes'],
] as const;

type Field = (name: keyof WebhookForm) => {
  readonly value: string;
  readonly error: string | undefined;
  readonly onInput: (value: string) => void;
};

function Attributes({ form, setForm, errors, isNew }: AttributesProps) {
  const field: Field = (name) => ({
    value: form[name],
    error: errors[name],
    onInput: (value) => setForm({ ...form, [name]: value }),
  });
  const choice = (name: keyof WebhookForm) => ({ value: form[name], onPick: field(name).onInput });
  return (
    <>
      <TextField label="URL" placeholder="http://localhost:3000/webhooks" {...field('url')} />
      <TextField label="Name" {...field('name')} />
      {isNew && (
        <div class="two">
          <TextField
            label="Secret"
            type="password"
            placeholder="wbhsec_…"
            hint="The one that your receiver has. Without one, the development secret signs."
            {...field('secret')}
          />
          <SelectField label="Retry policy" options={POLICIES} {...choice('policy')} />
        </div>
      )}
      <div class="two">
        <Listed label="API version" name="api-version" {...choice('api-version')} />
        <Listed label="API key inflection" name="api-key-inflection" {...choice('api-key-inflection')} />
      </div>
      <UsualFields field={field} />
      <BlocklistHits text={form['api-attributes-blocklist']} hasWebhook={webhooks.value.length > 0} />
      <details>
        <summary>More attributes</summary>
        <div class="fields">
          <RareFields field={field} />
        </div>
      </details>
    </>
  );
}

function UsualFields({ field }: { field: Field }) {
  return (
    <>
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

function RareFields({ field }: { field: Field }) {
  return (
    <>
      <TextField label="Description" {...field('description')} />
      <TextField
        label="Included allowlist"
        rows={2}
        placeholder={'{"state": "include_none"}'}
        hint="Which related objects bodies include: as JSON, in Persona’s form. Empty: all."
        {...field('included-allowlist')}
      />
      <TextField
        label="Relationship allowlist"
        rows={2}
        placeholder={'{"state": "include_some", "relationships": ["account"]}'}
        hint="Which relationships objects carry: as JSON, in Persona’s form. Empty: all."
        {...field('relationship-allowlist')}
      />
      <TextField
        label="File access token expires in, seconds"
        placeholder="21600"
        {...field('file-access-token-expires-in')}
      />
    </>
  );
}

interface ListedProps {
  readonly label: string;
  readonly name: string;
  readonly value: string;
  readonly onPick: (value: string) => void;
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
function Listed({ label, name, value, onPick }: ListedProps) {
  const { value: description } = useLoaded<Description>('/openapi.json');
  const known = description?.components.schemas['NewWebhook']?.properties?.[name]?.enum ?? [];
  const options = [...new Set([value, ...known])].map(
    (option) => [option, option === '' ? 'newest' : option] as const,
  );
  return <SelectField {...{ label, value, options, onPick }} />;
}
