import { isReadOnly, keepToken } from '../api/client.ts';
import { recording } from '../api/recording.ts';
import { Prose } from '../parts/prose.tsx';
import { SecretForm } from '../parts/secret-form.tsx';
import { connection } from '../state/follow.ts';
import { dateTime } from '../text/format.ts';

const TEXTS = { opening: 'connecting…', live: 'live', closed: 'no token', lost: 'not connected' } as const;

/** In the head of the page: does it follow the server? */
export function ConnectionState() {
  if (recording !== undefined) return <span class="live">exported {dateTime(recording.exportedAt)}</span>;
  const { kind } = connection.value;
  const looks = { opening: 'live', live: 'live on', closed: 'live off', lost: 'live off' } as const;
  return (
    <span class={looks[kind]} role="status">
      <span class="word">
        {TEXTS[kind]}
        {isReadOnly.value && ', read-only'}
      </span>
    </span>
  );
}

/** Below it, when it does not: why, and what to do. */
export function ConnectionTrouble() {
  const state = connection.value;
  if (state.kind === 'closed') return <TokenForm />;
  if (state.kind !== 'lost') return null;
  return (
    <section class="trouble" aria-label="Connection">
      <p role="alert">
        <Prose text={state.message} /> What is shown may be out of date; the page connects again by itself.
      </p>
    </section>
  );
}

function TokenForm() {
  const use = (token: string) => {
    keepToken(token);
    location.reload();
  };
  return (
    <section class="trouble" aria-label="Connection">
      <SecretForm label="Token" button="Use the token" onUse={use}>
        <p role="alert">
          This server wants its token: it printed one at the start, behind <code>#token=</code> in its
          address.
        </p>
      </SecretForm>
    </section>
  );
}
