/** `needs_review`, as people say it. */
export function statusText(status: string): string {
  return status.replaceAll('_', ' ');
}

/** The colours of deliveries, for the same meanings. */
const TONES: Readonly<Record<string, string>> = {
  completed: 'pending',
  approved: 'completed',
  declined: 'failed',
  failed: 'failed',
  expired: 'cancelled',
  needs_review: 'timed-out',
};

export function toneOf(status: string): string {
  return TONES[status] ?? 'pending';
}
