import { useState } from 'preact/hooks';
import { attempt } from '../state/notice.ts';
import { Dialog } from './dialog.tsx';

interface Props {
  readonly label: string;
  readonly title: string;
  /** What will be lost. */
  readonly text: string;
  readonly class?: string;
  readonly onConfirm: () => Promise<unknown>;
}

/** A button for what cannot be taken back: it asks first, and Enter alone does not answer yes. */
export function ConfirmButton({ label, title, text, onConfirm, ...look }: Props) {
  const [isAsking, setAsking] = useState(false);
  const close = () => setAsking(false);
  return (
    <>
      <button type="button" {...look} onClick={() => setAsking(true)}>
        {label}
      </button>
      {isAsking && (
        <Dialog title={title} question="confirm-text" onClose={close}>
          <p id="confirm-text">{text}</p>
          <footer>
            {/* The first in the dialog, and so the one that has the focus. */}
            <button type="button" onClick={close}>
              Keep
            </button>
            <button
              type="button"
              class="danger"
              onClick={() => {
                close();
                void attempt(onConfirm);
              }}
            >
              {label}
            </button>
          </footer>
        </Dialog>
      )}
    </>
  );
}
