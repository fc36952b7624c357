import type { AttemptDetail, Delivery, Verification } from '../../api/records.ts';
import { recording } from '../../api/recording.ts';
import { CopyButton } from '../../parts/code.tsx';
import { useAnswer } from '../../parts/use-answer.ts';
import type { Loaded } from '../../parts/use-loaded.ts';
import { webhookOf } from '../../state/webhooks.ts';
import { base64Of, bytesOf } from '../../text/bytes.ts';
import { dateTime, unixTime } from '../../text/format.ts';
import { ReceiverForm } from './receiver-form.tsx';
import { headerOf, setsOf } from './signature-sets.ts';

interface Props {
  readonly detail: AttemptDetail;
  readonly delivery: Delivery;
}

const WRONG: Readonly<Record<Delivery['signature'], string>> = {
  valid: '',
  none: 'there is none',
  'wrong-secret': 'made with another secret',
  stale: 'made with a time ten minutes ago',
  tampered: 'made for other bytes',
};

/** How `v1` comes about, with the values of this attempt. */
export function Signature({ detail, delivery }: Props) {
  const header = headerOf(detail.request.headers);
  if (header === undefined) {
    return <p>This attempt bore no signature{delivery.signature === 'none' ? ', as was asked for' : ''}.</p>;
  }
  const t = setsOf(header)[0]?.t ?? '';
  return (
    <>
      {delivery.signature !== 'valid' && (
        <p class="note warn">
          The signature is wrong on purpose: {WRONG[delivery.signature]}. A receiver should refuse it.
        </p>
      )}
      <h4>The text that is signed</h4>
      <SignedText t={t} request={detail.request} />
      <p class="hint">
        t is {unixTime(t)}. v1 is the HMAC-SHA256 of this text, keyed with the whole secret (wbhsec_
        included), in lower-case hex. Use the bytes of the body as they arrived: parsing and writing JSON
        again changes them.
      </p>
      <Sets detail={detail} header={header} />
      {recording === undefined && <ReceiverForm detail={detail} t={t} />}
    </>
  );
}

const BEGINNING = 600;

function SignedText({ t, request }: { t: string; request: AttemptDetail['request'] }) {
  const isText = request.bodyEncoding === undefined;
  const isLong = request.body.length > BEGINNING;
  return (
    <>
      <div class="code signed" tabIndex={0} role="region" aria-label="The text that is signed">
        <mark class="t" title="t of the header">
          {t}
        </mark>
        <mark class="dot" title="a full stop">
          .
        </mark>
        <mark class="payload" title="the body">
          {isText ? request.body.slice(0, BEGINNING) : '(bytes that are not text)'}
          {isText && isLong && '…'}
        </mark>
      </div>
      <div class="legend">
        <span>
          <mark class="t">t</mark> unix seconds
        </span>
        <span>
          <mark class="dot">.</mark> a full stop
        </span>
        <span>
          <mark class="payload">body</mark> all {request.bodyBytes.toLocaleString('en')} bytes
        </span>
        {isText && <CopyButton text={`${t}.${request.body}`} what="the signed text" />}
      </div>
    </>
  );
}

/** Which secret made which set: asked of the server, since the page has no secrets. */
function Sets({ detail, header }: { detail: AttemptDetail; header: string }) {
  const { value, error } = useVerification(detail, header);
  const sets = setsOf(header);
  return (
    <>
      <h4>
        {sets.length === 1 ? 'The header has one set' : `The header has ${sets.length} sets`}{' '}
        <CopyButton text={header} what="the header" />
      </h4>
      {error !== undefined && <p class="error">{error}</p>}
      <ul class="sets">
        {sets.map(({ t, v1 }, index) => (
          <li key={index}>
            <p class="mono">
              <mark class="t">t={t}</mark>,v1={v1}
            </p>
            <Secret fingerprint={value?.sets[index]?.fingerprint} webhook={detail.webhook} />
          </li>
        ))}
      </ul>
    </>
  );
}

function Secret({ fingerprint, webhook }: { fingerprint: string | null | undefined; webhook: string }) {
  if (fingerprint === undefined) return null;
  if (fingerprint === null) return <p class="hint">Not made with a present secret of the webhook.</p>;
  const secret = webhookOf(webhook)?.secrets.find((one) => one.fingerprint === fingerprint);
  const end = secret?.['expires-at'] ?? null;
  return (
    <p class="hint">
      Made with the secret <code>{fingerprint.slice(0, 12)}</code>
      {secret?.isDevelopmentSecret === true && ' (the development secret)'}
      {end === null ? ', which does not expire' : `, which expires at ${dateTime(end)}`}.
    </p>
  );
}

function useVerification(detail: AttemptDetail, signature: string): Loaded<Verification> {
  const body = { signature, body: base64Of(bytesOf(detail.request)), webhook: detail.webhook };
  return useAnswer({ path: '/v1/verify', body: recording === undefined ? body : undefined });
}
