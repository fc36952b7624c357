import { useEffect, useRef, useState } from 'preact/hooks';
import { pathOf } from '../../api/client.ts';
import type { AttemptDetail, Delivery } from '../../api/records.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { SelectField, TextField } from '../../parts/fields.tsx';
import { useLoaded } from '../../parts/use-loaded.ts';
import { resend } from '../../state/actions.ts';
import { attempt as carryOut } from '../../state/notice.ts';
import { base64Of } from '../../text/bytes.ts';
import { compactJson, jsonError, prettyJson } from '../../text/json.ts';
import { SIGNATURES } from '../send/signatures.ts';

interface Props {
  readonly delivery: Delivery;
  readonly attempt: number;
  readonly onClose: () => void;
}

export function ResendEdited({ delivery, attempt, onClose }: Props) {
  const { value, error } = useLoaded<AttemptDetail>(
    pathOf`/v1/deliveries/${delivery.id}/attempts/${attempt}`,
  );
  return (
    <Dialog title={`Resend ${delivery.id}, edited`} onClose={onClose}>
      {value === undefined ? (
        <p>{error ?? 'Loading…'}</p>
      ) : (
        <Form request={value.request} {...{ delivery, onClose }} />
      )}
    </Dialog>
  );
}

type FormProps = Omit<Props, 'attempt'> & { readonly request: AttemptDetail['request'] };

function Form({ delivery, request, onClose }: FormProps) {
  const isText = request.bodyEncoding === undefined;
  const original = isText ? (prettyJson(request.body) ?? request.body) : '';
  const [text, setText] = useState(original);
  const [signature, setSignature] = useState('valid');
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => setText(original), [original]);
  useEffect(() => form.current?.querySelector('textarea')?.focus(), []);
  const send = () =>
    carryOut(async () => {
      const body = text === original ? {} : { body: base64Of(new TextEncoder().encode(compactJson(text))) };
      await resend(delivery.id, { ...body, signature });
      onClose();
    });
  const error = isText ? jsonError(text) : undefined;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void send();
  };
  return (
    <form
      ref={form}
      class="edit"
      onKeyDown={onKeyDown}
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      {isText ? (
        <TextField
          label="Body"
          rows={22}
          value={text}
          onInput={setText}
          error={error === undefined ? undefined : `Not JSON (${error}); it will be sent as it is.`}
          hint="The same event id is kept, so a receiver sees it as the same event."
        />
      ) : (
        <p>The body is not text; it will be sent unchanged.</p>
      )}
      <footer>
        <SelectField label="Signature" value={signature} options={SIGNATURES} onPick={setSignature} />
        <button type="submit" class="primary">
          Send <kbd>Ctrl ↵</kbd>
        </button>
      </footer>
    </form>
  );
}
