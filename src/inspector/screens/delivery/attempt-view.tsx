import { pathOf } from '../../api/client.ts';
import type { Attempt, AttemptDetail, Delivery } from '../../api/records.ts';
import { Tabs } from '../../parts/tabs.tsx';
import { useLoaded } from '../../parts/use-loaded.ts';
import { route, setParams } from '../../state/route.ts';
import { dateTime } from '../../text/format.ts';
import { outcomeText } from '../../text/verdict.ts';
import { Message } from './message.tsx';
import { Payload } from './payload.tsx';
import { Signature } from './signature.tsx';
import { Timing } from './timing.tsx';

const TABS = ['Request', 'Response', 'Signature', 'Payload'] as const;
type Tab = (typeof TABS)[number];

export function AttemptView({ delivery, attempt }: { delivery: Delivery; attempt: Attempt }) {
  const path = pathOf`/v1/deliveries/${delivery.id}/attempts/${attempt.attempt}`;
  const { value, error } = useLoaded<AttemptDetail>(path, attempt.outcome?.kind);
  const { tab: wanted = '' } = route.value.params;
  const current = TABS.find((tab) => tab.toLowerCase() === wanted) ?? firstTab(attempt);
  return (
    <section class="card attempt" aria-labelledby="attempt-title">
      <header>
        <h3 id="attempt-title">
          Attempt {attempt.attempt}
          {attempt.outcome !== null && (
            <span class={`outcome ${attempt.outcome.kind}`}>{outcomeText(attempt.outcome)}</span>
          )}
        </h3>
        <p>
          clock <time dateTime={attempt.simulatedAt}>{dateTime(attempt.simulatedAt)}</time> · real{' '}
          <time dateTime={attempt.startedAt}>{dateTime(attempt.startedAt)}</time>
        </p>
      </header>
      <Timing attempt={attempt} />
      <Tabs
        label={`Attempt ${attempt.attempt}`}
        names={TABS}
        current={current}
        onPick={(tab) => setParams({ tab: tab.toLowerCase() })}
      >
        {error !== undefined && <p class="error">{error}</p>}
        {value !== undefined && <Panel tab={current} detail={value} delivery={delivery} />}
      </Tabs>
    </section>
  );
}

/** Whoever looks at a refusal wants to know what the receiver said. */
function firstTab({ outcome }: Attempt): Tab {
  return outcome?.kind === 'rejected' ? 'Response' : 'Request';
}

function Panel({ tab, detail, delivery }: { tab: Tab; detail: AttemptDetail; delivery: Delivery }) {
  const { request, response, outcome } = detail;
  switch (tab) {
    case 'Request':
      return <Message first={`POST ${detail.url}`} message={request} sha256={request.sha256} />;
    case 'Response':
      if (response === null) return <NoResponse outcome={outcome} />;
      return <Message first={`HTTP ${response.status}`} message={response} isCut={response.truncated} />;
    case 'Signature':
      return <Signature detail={detail} delivery={delivery} />;
    case 'Payload':
      return <Payload request={request} delivery={delivery} />;
  }
}

function NoResponse({ outcome }: { outcome: AttemptDetail['outcome'] }) {
  if (outcome === null) return <p>The attempt is under way.</p>;
  const reason = outcome.kind === 'unreachable' ? `: ${outcome.reason}` : '';
  return (
    <p>
      There was no answer: {outcomeText(outcome)}
      {reason}.
    </p>
  );
}
