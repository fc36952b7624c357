import { TYPING_MS, useAnswer } from '../../parts/use-answer.ts';
import { counted } from '../../text/format.ts';
import { linesOf } from './webhook-form.ts';

interface Hits {
  readonly event: string;
  readonly removed: readonly { readonly path: string; readonly entry: string }[];
  readonly unmatched: readonly string[];
}

/** What the entries take out of a sample event, a moment after the last key. */
export function BlocklistHits({ text, hasWebhook }: { text: string; hasWebhook: boolean }) {
  const entries = linesOf(text);
  const body = entries.length > 0 && hasWebhook ? { entries } : undefined;
  const path = '/v1/blocklist-preview';
  const { value: hits, error } = useAnswer<Hits>({ path, body, delayMs: TYPING_MS });
  return (
    <div class="hits" role="status">
      {error !== undefined && <p class="note bad">{error}</p>}
      {hits !== undefined && <HitList hits={hits} entries={entries} />}
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
