import { computed, signal } from '@preact/signals';

/** Real time, milliseconds since 1970; read by what counts down. */
export const nowMs = signal(Date.now());

/** Midnight of the reader's day: it changes once, not with every tick. */
export const today = computed(() => new Date(nowMs.value).setHours(0, 0, 0, 0));

const STEP_MS = 500;

export function followTime(): void {
  setInterval(() => {
    if (!document.hidden) nowMs.value = Date.now();
  }, STEP_MS);
}
