import { useEffect, useState } from 'preact/hooks';
import { messageOf, post } from '../../api/client.ts';
import { counted } from '../../text/format.ts';
import { linesOf } from './webhook-form.ts';

interface Hits {
  readonly event: string;
  readonly removed: readonly { readonly path: string; readonly entry: string }[];
  readonly unmatched: readonly string[];
}

const DELAY_MS = 250;

/** What the entries take out of a sample event, a moment after the last key. */
export function BlocklistHits({ text, hasWebhook }: { text: string; hasWebhook: boolean }) {
  const [state, setState] = useState<{ hits?: Hits; error?: string }>({});
  const entries = linesOf(text);
  const key = entries.join('\n');
  useEffect(() => {
    if (key === '' || !hasWebhook) {
      setState({});
      return undefined;
    }
    let isStale = false;
    const timer = setTimeout(() => {
      post<Hits>('/v1/blocklist-preview', { entries: key.split('\n') }).then(
        (hits) => isStale || setState({ hits }),
        (error: unknown) => isStale || setState({ error: messageOf(error) }),
      );
    }, DELAY_MS);
    return () => {
      isStale = true;
      clearTimeout(timer);
    };
  }, [key, hasWebhook]);
  return (
    <div class="hits" role="status">
      {state.error !== undefined && <p class="note bad">{state.error}</p>}
      {state.hits !== undefined && <HitList hits={state.hits} entries={entries} />}
    </div>
  );
}

function HitList({ hits, entries }: { hits: Hits; entries: readonly string[] }) {
  return (
    <>
      <p class="hint">In a sample {hits.event}:</p>
      <ul>
        {[...new Set(entries)].map((entry) => {
          const paths = hits.removed.filter((one) => one.entry === entry).map(({ path }) => path);
          const isUnmatched = hits.unmatched.includes(entry);
          return (
            <li key={entry} class={isUnmatched ? 'warn' : undefined} title={paths.join('\n')}>
              <code>{entry}</code>{' '}
              {isUnmatched ? 'matches nothing' : `removes ${counted(paths.length, 'member')}`}
            </li>
          );
        })}
      </ul>
    </>
  );
}
