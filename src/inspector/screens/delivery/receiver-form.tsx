import { useState } from 'preact/hooks';
import { messageOf, post } from '../../api/client.ts';
import type { AttemptDetail, Verification } from '../../api/records.ts';
import { TextField } from '../../parts/fields.tsx';
import { base64Of, bytesOf } from '../../text/bytes.ts';
import { capitalised } from '../../text/format.ts';

interface Answer {
  readonly isRight: boolean;
  readonly text: string;
}

/** Names the mistake behind a signature that a receiver computed. */
export function ReceiverForm({ detail, t }: { detail: AttemptDetail; t: string }) {
  const [computed, setComputed] = useState('');
  const [answer, setAnswer] = useState<Answer>();
  const check = async () => {
    const signature = /(^|\s)t=/.test(computed) ? computed : `t=${t},v1=${computed.trim()}`;
    const body = base64Of(bytesOf(detail.request));
    try {
      const found = await post<Verification>('/v1/verify', { signature, body, webhook: detail.webhook });
      setAnswer(answerOf(found));
    } catch (error) {
      setAnswer({ isRight: false, text: messageOf(error) });
    }
  };
  return (
    <form
      class="receiver"
      onSubmit={(event) => {
        event.preventDefault();
        void check();
      }}
    >
      <h4>What did your receiver compute?</h4>
      <div class="row">
        <TextField
          label="Signature that your receiver computed"
          value={computed}
          onInput={setComputed}
          placeholder="64 hex digits, or t=…,v1=…"
        />
        <button type="submit" disabled={computed.trim() === ''}>
          Find the mistake
        </button>
      </div>
      <p class={answer === undefined ? 'hidden' : `note ${answer.isRight ? 'ok' : 'bad'}`} role="status">
        {answer?.text}
      </p>
    </form>
  );
}

function answerOf({ verdict, detail }: Verification): Answer {
  if (verdict === 'valid') return { isRight: true, text: 'That is right: your receiver computes the same.' };
  return { isRight: false, text: `${capitalised(detail)}.` };
}
