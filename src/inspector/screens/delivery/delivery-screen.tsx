import { useLayoutEffect } from 'preact/hooks';
import { pathOf } from '../../api/client.ts';
import type { Attempt, Delivery } from '../../api/records.ts';
import { NotThere } from '../../parts/empty.tsx';
import { useLoaded } from '../../parts/use-loaded.ts';
import { summaryOf } from '../../state/deliveries.ts';
import { deliveryAddress, route } from '../../state/route.ts';
import { chosenClock } from '../../state/webhooks.ts';
import { AttemptView } from './attempt-view.tsx';
import { Head } from './head.tsx';
import { Schedule } from './schedule.tsx';

export function DeliveryScreen({ id }: { id: string }) {
  // The clock bar shows the clock of this delivery, until another is chosen.
  useLayoutEffect(() => {
    chosenClock.value = undefined;
  }, []);
  const { value, error } = useLoaded<Delivery>(pathOf`/v1/deliveries/${id}`, summaryOf(id));
  if (error !== undefined) {
    const back = [deliveryAddress(undefined), 'All deliveries'] as const;
    return <NotThere title={`There is nothing to show for “${id}”`} {...{ error, back }} />;
  }
  if (value === undefined) return <p class="empty">Loading…</p>;
  return <DeliveryView delivery={value} />;
}

function DeliveryView({ delivery }: { delivery: Delivery }) {
  const attempt = attemptOf(delivery, route.value.params['attempt']);
  return (
    <article class="delivery">
      <Head delivery={delivery} attempt={attempt} />
      {delivery.state !== 'skipped' && <Schedule delivery={delivery} current={attempt?.attempt} />}
      {attempt === undefined ? (
        <p class="empty">There is no attempt to look at{delivery.state === 'pending' ? ' yet' : ''}.</p>
      ) : (
        <AttemptView delivery={delivery} attempt={attempt} />
      )}
    </article>
  );
}

/** The one in the address, else the last. */
function attemptOf({ attempts }: Delivery, wanted: string | undefined): Attempt | undefined {
  return attempts.find(({ attempt }) => String(attempt) === wanted) ?? attempts.at(-1);
}
