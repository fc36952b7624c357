import { signal } from '@preact/signals';
import { Dialog } from '../parts/dialog.tsx';

export const isHelpOpen = signal(false);

const KEYS = [
  ['j  k', 'next, previous delivery'],
  ['Enter', 'open it'],
  ['u', 'back to the list'],
  ['r', 'resend it, the same bytes'],
  ['n', 'make its next attempt now'],
  ['space', 'pause or resume the clock'],
  ['/', 'search'],
  ['← →', 'from tab to tab; → on the hand of the clock: to the next attempt'],
  ['Ctrl Enter', 'send, in a form'],
  ['Esc', 'close a dialog'],
  ['?', 'these keys'],
] as const;

export function Help() {
  if (!isHelpOpen.value) return null;
  return (
    <Dialog title="Keys" onClose={() => (isHelpOpen.value = false)}>
      <dl class="keys">
        {KEYS.map(([key, what]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
