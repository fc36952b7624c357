const UNITS = [
  { name: 'd', seconds: 86_400 },
  { name: 'h', seconds: 3_600 },
  { name: 'm', seconds: 60 },
  { name: 's', seconds: 1 },
] as const;

/** The two largest units, for people: `0s`, `45s`, `12m 11s`, `5d 4h`. */
export function formatSpan(ms: number): string {
  let left = Math.round(ms / 1000);
  const parts: string[] = [];
  for (const { name, seconds } of UNITS) {
    const count = Math.floor(left / seconds);
    left -= count * seconds;
    if (count > 0 || (parts.length > 0 && left > 0)) parts.push(`${count}${name}`);
    if (parts.length === 2) break;
  }
  return parts.filter((part) => !part.startsWith('0')).join(' ') || '0s';
}

/** How long something took: `0.42 ms`, `12 ms`, `5 s`, `5.01 s`; longer waits as a span. */
export function formatElapsed(ms: number): string {
  if (ms >= 60_000) return formatSpan(ms);
  if (ms >= 1_000) return `${Number((ms / 1000).toFixed(2))} s`;
  return ms >= 10 || ms === 0 ? `${Math.round(ms)} ms` : `${Number(ms.toFixed(ms < 1 ? 2 : 1))} ms`;
}
