import { useEffect, useState } from 'preact/hooks';
import { isReadOnly } from '../../api/client.ts';
import { keepSandboxKey, type Inquiry } from '../../api/sandbox.ts';
import { CopyButton } from '../../parts/code.tsx';
import { Empty, NotThere } from '../../parts/empty.tsx';
import { SecretForm } from '../../parts/secret-form.tsx';
import { Split } from '../../parts/split.tsx';
import { total } from '../../state/deliveries.ts';
import { inquiries, loadInquiries, startInquiry, type InquiriesState } from '../../state/inquiries.ts';
import { attempt } from '../../state/notice.ts';
import { today } from '../../state/now.ts';
import { addressOf, go, route } from '../../state/route.ts';
import { dateTime, shortTime } from '../../text/format.ts';
import { InquiryView } from './inquiry-view.tsx';
import { statusText, toneOf } from './status.ts';

const EVERY_MS = 4_000;

/** The sandbox's inquiries. */
export function InquiriesScreen() {
  const { id } = route.value;
  // Each change of an inquiry sends an event.
  const sent = total.value;
  useEffect(() => void loadInquiries(), [sent]);
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) void loadInquiries();
    }, EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  const state = inquiries.value;
  const open = state.kind === 'loaded' ? state.inquiries.find((one) => one.id === id) : undefined;
  const list = (
    <>
      {state.kind === 'loaded' && !isReadOnly.value && <NewInquiry />}
      <Listed state={state} />
    </>
  );
  return (
    <Split title="Inquiries" one="Inquiry" list={list} isOpen={id !== undefined}>
      {open === undefined ? <PickOne state={state} id={id} /> : <InquiryView key={open.id} inquiry={open} />}
    </Split>
  );
}

function NewInquiry() {
  const [reference, setReference] = useState('');
  const create = async (event: Event) => {
    event.preventDefault();
    await attempt(async () => go(inquiryAddress(await startInquiry(reference.trim()))));
    setReference('');
  };
  return (
    <form class="filters new-inquiry" onSubmit={(event) => void create(event)}>
      <input
        type="text"
        aria-label="Reference id of a new inquiry"
        placeholder="Reference id, such as user-1"
        spellcheck={false}
        value={reference}
        onInput={(event) => setReference(event.currentTarget.value)}
      />
      <button type="submit" class="primary">
        Create an inquiry
      </button>
    </form>
  );
}

function Listed({ state }: { state: InquiriesState }) {
  switch (state.kind) {
    case 'loading':
      return <p class="empty">Loading…</p>;
    case 'failed':
      return <p class="empty">{state.message}</p>;
    case 'absent':
      return (
        <p class="empty">
          This server has no sandbox: <code>hookcast serve</code> has one.
        </p>
      );
    case 'closed':
      return <KeyForm />;
    case 'loaded':
      if (state.inquiries.length === 0) return <p class="empty">No inquiries yet.</p>;
      return (
        <ul class="inquiry-list" aria-label="Inquiries, newest first">
          {state.inquiries.map((inquiry) => (
            <Row key={inquiry.id} inquiry={inquiry} />
          ))}
        </ul>
      );
  }
}

/** The seed file names a key, which only its author knows. */
function KeyForm() {
  const use = (key: string) => {
    keepSandboxKey(key);
    void loadInquiries();
  };
  return (
    <SecretForm label="API key of the sandbox" button="Use the key" onUse={use}>
      <p>The seed file names a key for the sandbox. It is kept for this tab only.</p>
    </SecretForm>
  );
}

function Row({ inquiry: { id, attributes } }: { inquiry: Inquiry }) {
  const { status, 'reference-id': reference, 'created-at': createdAt } = attributes;
  return (
    <li>
      <a href={inquiryAddress(id)} aria-current={route.value.id === id ? 'true' : undefined}>
        <span class="name" title={reference ?? ''}>
          {reference ?? '(no reference id)'}
        </span>
        <time dateTime={createdAt} title={dateTime(createdAt)}>
          {shortTime(createdAt, today.value)}
        </time>
        <span class="id">{id}</span>
        <span class={`badge ${toneOf(status)}`}>{statusText(status)}</span>
      </a>
    </li>
  );
}

function PickOne({ state, id }: { state: InquiriesState; id: string | undefined }) {
  if (state.kind !== 'loaded') return null;
  if (id !== undefined)
    return <NotThere title={`There is no inquiry “${id}”`} back={['#/inquiries', 'All inquiries']} />;
  const base = `${location.origin}/api/v1`;
  return (
    <Empty>
      <p>
        {state.inquiries.length === 0 ? WITHOUT : 'Pick an inquiry to decide it, or to act as its person.'}
      </p>
      <p>
        Your app creates inquiries too: give it <code>{base}</code> as Persona’s base URL.{' '}
        <CopyButton text={base} what="the base URL" />
      </p>
    </Empty>
  );
}

const WITHOUT = 'An inquiry is a person’s verification. Its events go to your webhooks.';

function inquiryAddress(id: string): string {
  return addressOf({ screen: 'inquiries', id, params: {} });
}
