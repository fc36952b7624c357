import type { ComponentChildren } from 'preact';
import { useLayoutEffect } from 'preact/hooks';
import { recording } from '../api/recording.ts';
import { notice } from '../state/notice.ts';
import { route, type Route } from '../state/route.ts';
import { summaryOf } from '../state/deliveries.ts';
import { titleOf, webhookOf } from '../state/webhooks.ts';
import { NotThere } from '../parts/empty.tsx';
import { ClockBar } from './clock-bar.tsx';
import { ConnectionState, ConnectionTrouble } from './connection.tsx';
import { ConformanceScreen } from './conformance/conformance-screen.tsx';
import { DeliveriesScreen } from './deliveries/deliveries-screen.tsx';
import { Help, isHelpOpen } from './help.tsx';
import { InquiriesScreen } from './inquiries/inquiries-screen.tsx';
import { SendScreen } from './send/send-screen.tsx';
import { WebhooksScreen } from './webhooks/webhooks-screen.tsx';

interface Screen {
  readonly name: string;
  readonly title: string;
  readonly view: () => ComponentChildren;
}

const SCREENS: readonly Screen[] = [
  { name: 'deliveries', title: 'Deliveries', view: () => <DeliveriesScreen /> },
  { name: 'send', title: 'Send', view: () => <SendScreen /> },
  { name: 'webhooks', title: 'Webhooks', view: () => <WebhooksScreen /> },
  { name: 'inquiries', title: 'Inquiries', view: () => <InquiriesScreen /> },
  { name: 'conformance', title: 'Conformance', view: () => <ConformanceScreen /> },
];

/** Of a file only what was delivered can be seen. */
const shownScreens = recording === undefined ? SCREENS : SCREENS.slice(0, 1);

export function Shell() {
  const { screen: name } = route.value;
  const screen = shownScreens.find((one) => one.name === name);
  const title = tabTitle(screen, route.value);
  useLayoutEffect(() => {
    document.title = title;
  }, [title]);
  return (
    <>
      <a class="skip" href="#content" onClick={skipToContent}>
        Skip to content
      </a>
      <header class="top">
        <span class="brand">hookcast</span>
        <nav aria-label="Screens">
          {shownScreens.map((one) => (
            <a key={one.name} href={`#/${one.name}`} aria-current={one.name === name ? 'page' : undefined}>
              {one.title}
            </a>
          ))}
        </nav>
        <ConnectionState />
        <button type="button" class="quiet" aria-label="Keys" onClick={() => (isHelpOpen.value = true)}>
          ?
        </button>
      </header>
      <ConnectionTrouble />
      {recording === undefined && <ClockBar />}
      <main id="content" tabIndex={-1}>
        {screen === undefined ? <NotFound name={name} /> : screen.view()}
      </main>
      <NoticeView />
      <Help />
    </>
  );
}

/** Tabs and the browser's history show the first words: `inquiry.approved d3 · Deliveries · hookcast`. */
function tabTitle(screen: Screen | undefined, { screen: name, id = '' }: Route): string {
  const event = name === 'deliveries' ? (summaryOf(id)?.eventName ?? '') : '';
  const webhook = name === 'webhooks' ? webhookOf(id) : undefined;
  const subject = webhook === undefined ? `${event} ${id}`.trim() : titleOf(webhook);
  return [subject, screen?.title ?? 'Not found', 'hookcast'].filter((part) => part !== '').join(' · ');
}

/** By hand: the address is the route. */
function skipToContent(event: Event): void {
  event.preventDefault();
  document.getElementById('content')?.focus();
}

function NotFound({ name }: { name: string }) {
  return (
    <NotThere Heading="h1" title={`There is no screen “${name}”`} back={['#/deliveries', 'Deliveries']} />
  );
}

function NoticeView() {
  const { kind, text } = notice.value ?? { kind: 'done', text: '' };
  return (
    <div class={text === '' ? 'hidden' : `notice ${kind}`} role={kind === 'error' ? 'alert' : 'status'}>
      {text}
      {kind === 'error' && (
        <button type="button" class="quiet" aria-label="Close" onClick={() => (notice.value = undefined)}>
          ✕
        </button>
      )}
    </div>
  );
}
