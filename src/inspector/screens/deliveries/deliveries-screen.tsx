import { route } from '../../state/route.ts';
import { isLoaded, listed, total } from '../../state/deliveries.ts';
import { areWebhooksLoaded, webhooks } from '../../state/webhooks.ts';
import { isReadOnly } from '../../api/client.ts';
import { recording } from '../../api/recording.ts';
import { DeliveryScreen } from '../delivery/delivery-screen.tsx';
import { Filters } from './filters.tsx';
import { DeliveryList } from './delivery-list.tsx';

/** The list, and beside it (on a phone: in its place) the delivery that is open. */
export function DeliveriesScreen() {
  const { id } = route.value;
  return (
    <div class={id === undefined ? 'split' : 'split open'}>
      <h1 id="deliveries-title" class="hidden">
        Deliveries
      </h1>
      <section class="side" aria-labelledby="deliveries-title">
        <Filters />
        {listed.value.length > 0 ? <DeliveryList /> : <Nothing />}
      </section>
      <section class="main" aria-label="Delivery">
        {id === undefined ? <PickOne /> : <DeliveryScreen key={id} id={id} />}
      </section>
    </div>
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
  if (total.value > 0) {
    return (
      <div class="empty">
        <p>Pick a delivery to see its attempts, signature and payload.</p>
        <p>
          <kbd>j</kbd> <kbd>k</kbd> to move, <kbd>Enter</kbd> to open, <kbd>?</kbd> for all keys
        </p>
      </div>
    );
  }
  if (recording !== undefined || !areWebhooksLoaded.value) return null;
  return webhooks.value.length === 0 ? (
    <div class="empty">
      <h2>Where should events go?</h2>
      <p>A webhook says which receiver gets which events.</p>
      <p>
        <a class="button primary" href="#/webhooks/new">
          Add a webhook
        </a>
      </p>
    </div>
  ) : (
    <div class="empty">
      <h2>Nothing has been sent yet</h2>
      <p>Events go to {webhooks.value[0]?.url ?? ''}</p>
      {!isReadOnly.value && (
        <p>
          <a class="button primary" href="#/send">
            Send an event
          </a>
        </p>
      )}
    </div>
  );
}
