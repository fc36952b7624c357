import { signal } from '@preact/signals';
import { messageOf } from '../api/client.ts';

export interface Notice {
  readonly kind: 'done' | 'error';
  readonly text: string;
}

export const notice = signal<Notice | undefined>(undefined);
let timer: ReturnType<typeof setTimeout> | undefined;

export function tell(text: string, kind: Notice['kind'] = 'done'): void {
  clearTimeout(timer);
  notice.value = { kind, text };
  timer = setTimeout(() => (notice.value = undefined), kind === 'done' ? 3_000 : 10_000);
}

/** Carries out what a button asks for; what goes wrong is told. */
export async function attempt(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    tell(messageOf(error), 'error');
  }
}
