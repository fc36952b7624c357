import { signal } from '@preact/signals';
import { listed } from './deliveries.ts';

/** Where the keys are in the list. */
export const selectedId = signal<string | undefined>(undefined);

export function moveSelection(step: 1 | -1): void {
  const rows = listed.value;
  const index = rows.findIndex(({ id }) => id === selectedId.value);
  const next = index < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, index + step));
  selectedId.value = rows[next]?.id;
}
