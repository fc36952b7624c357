import { useState } from 'preact/hooks';
import { isReadOnly, pathOf, post } from '../../api/client.ts';
import type { Webhook } from '../../api/records.ts';
import { TextField } from '../../parts/fields.tsx';
import { attempt, tell } from '../../state/notice.ts';
import { putWebhook } from '../../state/webhooks.ts';
import { dateTime } from '../../text/format.ts';

/** Secrets are write-only: a fingerprint names each. */
export function Secrets({ webhook }: { webhook: Webhook }) {
  return (
    <section class="card secrets" aria-labelledby="secrets-title">
      <header>
        <h3 id="secrets-title">Secrets</h3>
      </header>
      <ul class="sets">
        {webhook.secrets.map((secret) => (
          <li key={secret.fingerprint}>
            <code>{secret.fingerprint.slice(0, 12)}</code>{' '}
            <span class="hint">
              {secret.isDevelopmentSecret && 'the development secret, '}
              {secret['expires-at'] === null
                ? 'does not expire'
                : `signs as well until ${dateTime(secret['expires-at'])}`}
            </span>
          </li>
        ))}
      </ul>
      {!isReadOnly.value && <Rotation webhook={webhook} />}
    </section>
  );
}

function Rotation({ webhook }: { webhook: Webhook }) {
  const [secret, setSecret] = useState('');
  const [expiresIn, setExpiresIn] = useState('24h');
  const isReady = secret !== '' && expiresIn !== '';
  const rotate = async () => {
    putWebhook(await post<Webhook>(pathOf`/v1/webhooks/${webhook.id}/rotate-secret`, { secret, expiresIn }));
    setSecret('');
    tell('The new secret signs first; the old one until it expires');
  };
  return (
    <form
      class="rotate"
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady) void attempt(rotate);
      }}
    >
      <TextField
        label="New secret"
        type="password"
        value={secret}
        onInput={setSecret}
        placeholder="wbhsec_…"
      />
      <TextField label="The old one expires in" value={expiresIn} onInput={setExpiresIn} placeholder="24h" />
      <button type="submit" aria-disabled={!isReady}>
        Rotate
      </button>
    </form>
  );
}
