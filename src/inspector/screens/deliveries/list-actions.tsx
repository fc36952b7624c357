import { change, isReadOnly } from '../../api/client.ts';
import { recording } from '../../api/recording.ts';
import { ConfirmButton } from '../../parts/confirm-button.tsx';
import { download } from '../../parts/download.ts';
import { Menu } from '../../parts/menu.tsx';
import { listed, loadDeliveries, settledCount, summaryOf } from '../../state/deliveries.ts';
import { attempt, tell } from '../../state/notice.ts';
import { deliveryAddress, filtersOf, go, route } from '../../state/route.ts';
import { counted } from '../../text/format.ts';

const FORMATS = [
  ['html', 'HTML page'],
  ['har', 'HAR'],
  ['ndjson', 'NDJSON'],
] as const;

/** What can be done with all deliveries that the filters let through, or with all that are over. */
export function ListActions() {
  if (recording !== undefined || listed.value.length === 0) return null;
  const query = (format: string) => new URLSearchParams({ ...filtersOf(route.value), format }).toString();
  return (
    <span class="list-actions">
      <Menu
        label="Export these deliveries as"
        title="Export…"
        options={FORMATS}
        onPick={(format) => void attempt(() => download(`/v1/export?${query(format)}`, `hookcast.${format}`))}
      />
      {!isReadOnly.value && settledCount.value > 0 && <Clear />}
    </span>
  );
}

function Clear() {
  const clear = async () => {
    const { cleared } = await change<{ cleared: number }>('DELETE', '/v1/deliveries');
    // The one that is open would be gone as well.
    if (summaryOf(route.value.id ?? '')?.state !== 'pending') go(deliveryAddress(undefined));
    await loadDeliveries();
    tell(`Cleared ${counted(cleared, 'delivery', 'deliveries')}`);
  };
  return (
    <ConfirmButton
      class="quiet small"
      label="Clear"
      title="Clear the deliveries that are over?"
      text={`${counted(settledCount.value, 'delivery', 'deliveries')} and their attempts are forgotten, whatever the filters show; those that are pending stay, and what a journal holds.`}
      onConfirm={clear}
    />
  );
}
