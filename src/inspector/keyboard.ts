import { isReadOnly } from './api/client.ts';
import { isHelpOpen } from './screens/help.tsx';
import { makeNextAttempt, resend } from './state/actions.ts';
import { summaryOf } from './state/deliveries.ts';
import { attempt, tell } from './state/notice.ts';
import { deliveryAddress, go, route } from './state/route.ts';
import { moveSelection, selectedId } from './state/selection.ts';
import { changeClock, clockOf, clockWebhook } from './state/webhooks.ts';

export function followKeys(): void {
  addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
    const act = KEYS[event.key];
    if (act === undefined || act() === 'not here') return;
    event.preventDefault();
  });
}

type Act = () => 'not here' | undefined;

const KEYS: Readonly<Record<string, Act>> = {
  j: () => inList(() => moveSelection(1)),
  k: () => inList(() => moveSelection(-1)),
  u: () => inList(() => go(deliveryAddress(undefined))),
  r: () => onDelivery(resend),
  n: () => onDelivery(nextAttempt),
  ' ': togglePause,
  '/': () => {
    const field = document.getElementById('search');
    field?.focus();
    return field === null ? 'not here' : undefined;
  },
  '?': () => {
    isHelpOpen.value = true;
    return undefined;
  },
};

function inList(work: () => void): 'not here' | undefined {
  if (route.value.screen !== 'deliveries') return 'not here';
  work();
  return undefined;
}

/** The one that is open, else the one that the keys are at. */
function onDelivery(work: (id: string) => Promise<void>): 'not here' | undefined {
  const { screen, id = selectedId.value } = route.value;
  if (screen !== 'deliveries' || id === undefined || isReadOnly.value) return 'not here';
  void attempt(() => work(id));
  return undefined;
}

async function nextAttempt(id: string): Promise<void> {
  if (summaryOf(id)?.state === 'pending') await makeNextAttempt(id);
  else tell(`${id} has no attempt to come`);
}

function togglePause(): 'not here' | undefined {
  const { id = '' } = clockWebhook.value ?? {};
  const clock = clockOf(id);
  if (clock === undefined || isReadOnly.value) return 'not here';
  void attempt(() => changeClock(id, { paused: !clock.paused }));
  return undefined;
}

/** A letter belongs to the field that has the focus, and space to a button. */
function isTyping({ target, key }: KeyboardEvent): boolean {
  if (!(target instanceof Element) || document.querySelector('dialog[open]') !== null) return true;
  if (target.matches('input, textarea, select, [contenteditable]')) return true;
  return key === ' ' && target.matches('button, summary, [role=listbox], [role=region]');
}
