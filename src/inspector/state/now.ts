import { signal } from '@preact/signals';

/** Real time, milliseconds since 1970; read by what counts down. */
export const nowMs = signal(Date.now());

const STEP_MS = 500;

export function followTime(): void {
  setInterval(() => {
    if (!document.hidden) nowMs.value = Date.now();
  }, STEP_MS);
}
