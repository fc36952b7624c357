import { useState } from 'preact/hooks';
import { attempt, tell } from '../state/notice.ts';
import { visible } from '../text/visible.ts';

const SHOWN_MAX = 200_000;

/** Text in lines; very long ones are cut, since a browser stands still with them. */
export function Code({ text, label }: { text: string; label: string }) {
  const [isWhole, setWhole] = useState(false);
  const isCut = text.length > SHOWN_MAX && !isWhole;
  return (
    <>
      <pre class="code" tabIndex={0} role="region" aria-label={label}>
        {visible(isCut ? text.slice(0, SHOWN_MAX) : text)}
      </pre>
      {isCut && (
        <button type="button" onClick={() => setWhole(true)}>
          Show all {text.length.toLocaleString('en')} characters
        </button>
      )}
    </>
  );
}

export function copy(text: string, what: string): void {
  void attempt(async () => {
    if (!isSecureContext) throw new Error('Browsers copy only on localhost and over https: select the text.');
    await navigator.clipboard.writeText(text);
    tell(`Copied ${what}`);
  });
}

export function CopyButton({ text, what, label = 'Copy' }: { text: string; what: string; label?: string }) {
  return (
    <button
      type="button"
      class="quiet small"
      onClick={() => copy(text, what)}
      aria-label={label === 'Copy' ? `Copy ${what}` : label}
    >
      {label}
    </button>
  );
}
