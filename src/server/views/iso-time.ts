export function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}

export function isoTimeOrNull(ms: number | undefined): string | null {
  return ms === undefined ? null : isoTime(ms);
}

/** Three decimals of a millisecond. */
export function roundedMs(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
