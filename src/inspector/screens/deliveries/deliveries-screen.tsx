import { isReadOnly } from '../../api/client.ts';
import { recording } from '../../api/recording.ts';
import { Empty, LinkButton, NoWebhook } from '../../parts/empty.tsx';
import { Split } from '../../parts/split.tsx';
import { isLoaded, listed, stateCounts, total } from '../../state/deliveries.ts';
import { deliveryAddress, route } from '../../state/route.ts';
import { areWebhooksLoaded, titleOf, webhooks } from '../../state/webhooks.ts';
import { DeliveryScreen } from '../delivery/delivery-screen.tsx';
import { DeliveryList } from './delivery-list.tsx';
import { Filters } from './filters.tsx';

export function DeliveriesScreen() {
  const { id } = route.value;
  const list = (
    <>
      <Filters />
      {listed.value.length > 0 ? <DeliveryList /> : <Nothing />}
    </>
  );
  return (
    <Split title="Deliveries" one="Delivery" list={list} isOpen={id !== undefined}>
      {id === undefined ? <PickOne /> : <DeliveryScreen key={id} id={id} />}
    </Split>
  );
}

function Nothing() {
  if (!isLoaded.value) return <p class="empty">Loading…</p>;
  if (total.value > 0) {
    return (
      <p class="empty">
        No delivery matches. <a href="#/deliveries">Show all {total.value}</a>
      </p>
    );
  }
  return <p class="empty">No deliveries yet.</p>;
}

function PickOne() {
  if (total.value > 0) return <Overview />;
  if (recording !== undefined || !areWebhooksLoaded.value || !isLoaded.value) return null;
  const [webhook] = webhooks.value;
  if (webhook === undefined) {
    return (
      <NoWebhook title="Where should events go?">
        <p>A webhook says which receiver gets which events.</p>
      </NoWebhook>
    );
  }
  return (
    <Empty title="Nothing has been sent yet">
      <p>Events go to {titleOf(webhook)}</p>
      {!isReadOnly.value && (
        <p>
          <LinkButton to="#/send">Send an event</LinkButton>
        </p>
      )}
    </Empty>
  );
}

function Overview() {
  const counts = [...stateCounts.value].sort(([, one], [, other]) => other - one);
  return (
    <Empty>
      <p>Pick a delivery to see its attempts, signature and payload.</p>
      <p class="overview">
        {counts.map(([state, count]) => (
          <a key={state} class={`badge ${state}`} href={deliveryAddress(undefined, { state })}>
            {count.toLocaleString('en')} {state}
          </a>
        ))}
      </p>
      <p>
        <kbd>j</kbd> <kbd>k</kbd> to move, <kbd>Enter</kbd> to open, <kbd>?</kbd> for all keys
      </p>
    </Empty>
  );
}
