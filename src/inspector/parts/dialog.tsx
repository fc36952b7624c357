import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
  /** The id of what a reader by ear should hear at once: it makes the dialog a question. */
  readonly question?: string;
}

/** The browser keeps the focus inside, closes it with Escape, and gives the focus back. */
export function Dialog({ title, onClose, children, question }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const { current } = dialog;
    current?.showModal();
    // What is taken out of the page open does not give the focus back.
    return () => current?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      role={question === undefined ? undefined : 'alertdialog'}
      aria-labelledby="dialog-title"
      aria-describedby={question}
      onClose={onClose}
    >
      <header>
        <h2 id="dialog-title">{title}</h2>
        {question === undefined && (
          <button type="button" class="quiet" aria-label="Close" onClick={() => dialog.current?.close()}>
            ✕
          </button>
        )}
      </header>
      {children}
    </dialog>
  );
}
