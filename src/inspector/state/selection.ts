import { effect, signal } from '@preact/signals';
import { listed } from './deliveries.ts';
import { route } from './route.ts';

/** Where the keys are in the list. */
export const selectedId = signal<string | undefined>(undefined);
/** The row that shall have the focus as soon as it is there. */
export const wantedFocus = signal<string | undefined>(undefined);

export function moveSelection(step: 1 | -1): void {
  const rows = listed.value;
  const index = rows.findIndex(({ id }) => id === selectedId.value);
  const next = index < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, index + step));
  selectedId.value = rows[next]?.id;
  wantedFocus.value = selectedId.value;
}

/** The keys go on from the delivery that is open, however it was opened. */
export function followOpenDelivery(): void {
  effect(() => {
    const { screen, id } = route.value;
    if (screen === 'deliveries' && id !== undefined) selectedId.value = id;
  });
}
