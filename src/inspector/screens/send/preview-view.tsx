import type { Preview } from '../../api/records.ts';
import { Code, CopyButton } from '../../parts/code.tsx';
import { byteCount, counted } from '../../text/format.ts';
import { prettyJson } from '../../text/json.ts';

export function PreviewView({ preview, error }: { preview: Preview | undefined; error: string | undefined }) {
  return (
    <section class="preview card" aria-labelledby="preview-title">
      <header>
        <h2 id="preview-title">Preview</h2>
        {preview !== undefined && (
          <p>
            <CopyButton text={preview.command} what="the command line" label="Copy command" />{' '}
            <CopyButton text={preview.curl} what="the curl line" label="Copy curl" />{' '}
            {byteCount(preview.bodyBytes)}
          </p>
        )}
      </header>
      {error !== undefined && <p class="note bad">{error}</p>}
      {preview !== undefined && <Shown preview={preview} />}
    </section>
  );
}

function Shown({ preview }: { preview: Preview }) {
  const { wouldSend, reason, url, removed, unmatched, body } = preview;
  const entries = [...new Set(removed.map(({ entry }) => entry))];
  return (
    <>
      {wouldSend ? (
        <p class="note ok">
          Would be sent to <span class="mono">{url}</span>
        </p>
      ) : (
        <p class="note warn">Would not be sent: {reason}.</p>
      )}
      {removed.length > 0 && (
        <p class="hint">
          {counted(removed.length, 'member')} removed by {entries.join(', ')}
        </p>
      )}
      {unmatched.length > 0 && (
        <p class="warn">Blocklist entries that match nothing: {unmatched.join(', ')}</p>
      )}
      <Code text={prettyJson(body) ?? body} label="Body that would be sent" />
    </>
  );
}
