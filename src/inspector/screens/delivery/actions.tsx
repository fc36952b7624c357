import { useState } from 'preact/hooks';
import { get, isReadOnly, pathOf } from '../../api/client.ts';
import type { Attempt, AttemptDetail, Delivery } from '../../api/records.ts';
import { commandLine, LANGUAGES } from '../../copy/languages.ts';
import { copiedRequest } from '../../copy/request.ts';
import { copy } from '../../parts/code.tsx';
import { Menu } from '../../parts/menu.tsx';
import { cancel, makeNextAttempt, resend } from '../../state/actions.ts';
import { attempt as carryOut } from '../../state/notice.ts';
import { ResendEdited } from './resend-edited.tsx';

interface Props {
  readonly delivery: Delivery;
  readonly attempt: Attempt | undefined;
}

export function Actions({ delivery, attempt }: Props) {
  return (
    <div class="actions">
      {!isReadOnly.value && <Changes delivery={delivery} attempt={attempt} />}
      {attempt !== undefined && <CopyAs delivery={delivery} attempt={attempt} />}
    </div>
  );
}

function Changes({ delivery, attempt }: Props) {
  const { id, state } = delivery;
  const [isEditing, setEditing] = useState(false);
  const isPending = state === 'pending';
  return (
    <>
      {isPending && (
        <button type="button" class="primary" onClick={() => void carryOut(() => makeNextAttempt(id))}>
          Next now <kbd>n</kbd>
        </button>
      )}
      <button type="button" onClick={() => void carryOut(() => resend(id))}>
        Resend <kbd>r</kbd>
      </button>
      {attempt !== undefined && (
        <button type="button" onClick={() => setEditing(true)}>
          Resend edited…
        </button>
      )}
      {isPending && (
        <button type="button" onClick={() => void carryOut(() => cancel(id))}>
          Cancel
        </button>
      )}
      {isEditing && attempt !== undefined && (
        <ResendEdited delivery={delivery} attempt={attempt.attempt} onClose={() => setEditing(false)} />
      )}
    </>
  );
}

const OPTIONS = [...LANGUAGES.map(({ name }) => [name, name] as const), ['cli', 'hookcast CLI'] as const];

function CopyAs({ delivery, attempt }: { delivery: Delivery; attempt: Attempt }) {
  const { eventName, url } = delivery;
  const write = async (name: string) => {
    const language = LANGUAGES.find((one) => one.name === name);
    if (language === undefined) {
      copy(commandLine(eventName, url), 'the command line');
      return;
    }
    const { request } = await get<AttemptDetail>(
      pathOf`/v1/deliveries/${delivery.id}/attempts/${attempt.attempt}`,
    );
    copy(language.write(copiedRequest(attempt.url, request.headers, request)), `as ${name}`);
  };
  return (
    <Menu
      label="Copy the request as"
      title="Copy as…"
      options={OPTIONS}
      onPick={(name) => void carryOut(() => write(name))}
    />
  );
}
