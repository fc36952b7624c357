import { useEffect } from 'preact/hooks';
import { route, setParams } from '../../state/route.ts';
import { eventNamesSeen, listed, search, stateCounts, total } from '../../state/deliveries.ts';
import { attempt } from '../../state/notice.ts';
import { webhooks } from '../../state/webhooks.ts';
import { Select } from '../../parts/fields.tsx';

const STATES = ['pending', 'completed', 'failed', 'skipped', 'cancelled'] as const;
const SEARCH_DELAY_MS = 250;

export function Filters() {
  const { state = '', event = '', webhook = '', q = '' } = route.value.params;
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
        <Select
          label="Webhook"
          value={webhook}
          onPick={(value) => setParams({ webhook: value })}
          options={[['', 'All webhooks'], ...webhooks.value.map(({ id, url }) => [id, url] as const)]}
        />
      )}
      <p class="count" role="status">
        {listed.value.length === total.value ? total.value : `${listed.value.length} of ${total.value}`}
        {total.value === 1 ? ' delivery' : ' deliveries'}
      </p>
    </div>
  );
}
