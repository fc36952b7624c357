import { useEffect } from 'preact/hooks';
import { route, setParams } from '../../state/route.ts';
import { eventNamesSeen, listed, search, stateCounts, total } from '../../state/deliveries.ts';
import { attempt } from '../../state/notice.ts';
import { webhooks } from '../../state/webhooks.ts';
import { counted } from '../../text/format.ts';
import { Select } from '../../parts/fields.tsx';
import { WebhookSelect } from '../../parts/webhook-select.tsx';
import { ListActions } from './list-actions.tsx';

const STATES = ['pending', 'completed', 'failed', 'skipped', 'cancelled'] as const;
const SEARCH_DELAY_MS = 250;

export function Filters() {
  const { state = '', event = '', webhook = '', run = '', q = '' } = route.value.params;
  useEffect(() => {
    const timer = setTimeout(() => void attempt(() => search(q)), SEARCH_DELAY_MS);
    return () => clearTimeout(timer);
  }, [q]);
  const counts = stateCounts.value;
  return (
    <div class="filters" role="search" aria-label="Deliveries">
      <input
        type="search"
        id="search"
        aria-label="Search in ids, events, URLs and bodies"
        placeholder="Search ids, events, bodies"
        value={q}
        onInput={(input) => setParams({ q: input.currentTarget.value })}
      />
      <Select
        label="State"
        value={state}
        onPick={(value) => setParams({ state: value })}
        options={[
          ['', 'All states'],
          ...STATES.map((name) => [name, `${name} (${counts.get(name) ?? 0})`] as const),
        ]}
      />
      <Select
        label="Event"
        value={event}
        onPick={(value) => setParams({ event: value })}
        options={[['', 'All events'], ...eventNamesSeen.value.map((name) => [name, name] as const)]}
      />
      {webhooks.value.length > 1 && (
        <WebhookSelect
          label="Webhook"
          all="All webhooks"
          value={webhook}
          onPick={(value) => setParams({ webhook: value })}
        />
      )}
      {run !== '' && <RunFilter run={run} />}
      <Foot />
    </div>
  );
}

/** Runs are not listed: a delivery leads to its own. */
function RunFilter({ run }: { run: string }) {
  return (
    <button type="button" class="small run" onClick={() => setParams({ run: '' })}>
      Run {run} only <span aria-hidden="true">✕</span>
      <span class="hidden">, show all runs</span>
    </button>
  );
}

function Foot() {
  const shown = listed.value.length;
  return (
    <div class="list-foot">
      <p class="count" role="status">
        {shown < total.value && `${shown.toLocaleString('en')} of `}
        {counted(total.value, 'delivery', 'deliveries')}
      </p>
      <ListActions />
    </div>
  );
}
