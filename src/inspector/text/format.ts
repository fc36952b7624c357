const UNITS = [
  { name: 'd', ms: 86_400_000 },
  { name: 'h', ms: 3_600_000 },
  { name: 'm', ms: 60_000 },
  { name: 's', ms: 1_000 },
] as const;

/** The two largest units: `45s`, `12m 11s`, `5d 4h`. */
export function span(ms: number): string {
  let left = Math.round(ms / 1000) * 1000;
  const parts: string[] = [];
  for (const unit of UNITS) {
    const count = Math.floor(left / unit.ms);
    left -= count * unit.ms;
    if (count > 0) parts.push(`${count}${unit.name}`);
    if (parts.length === 2) break;
  }
  return parts.join(' ') || '0s';
}

/** How long something took: `0.4 ms`, `34 ms`, `5.01 s`. */
export function elapsed(ms: number): string {
  if (ms >= 60_000) return span(ms);
  if (ms >= 1_000) return `${Number((ms / 1000).toFixed(2))} s`;
  return ms >= 10 ? `${Math.round(ms)} ms` : `${Number(ms.toFixed(1))} ms`;
}

/** `14:03:59` of the reader's day. */
export function clockTime(at: number | string): string {
  const date = new Date(at);
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map(twoDigits).join(':');
}

/** `14:03:59` today, `11-28 14:03` on other days. */
export function shortTime(at: number | string, nowMs: number): string {
  const [day, now] = [new Date(at), new Date(nowMs)];
  return day.toDateString() === now.toDateString() ? clockTime(at) : dateTime(at).slice(5, -3);
}

/** `2026-11-28 14:03:59` */
export function dateTime(at: number | string): string {
  const date = new Date(at);
  const day = [date.getFullYear(), twoDigits(date.getMonth() + 1), twoDigits(date.getDate())].join('-');
  return `${day} ${clockTime(at)}`;
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}

/** `24,574 bytes` */
export function byteCount(bytes: number): string {
  return `${bytes.toLocaleString('en')} ${bytes === 1 ? 'byte' : 'bytes'}`;
}

export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? noun : plural}`;
}

export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Unix seconds in words. */
export function unixTime(seconds: string): string {
  const ms = Number(seconds) * 1000;
  return Number.isFinite(ms) && Math.abs(ms) < 8.64e15 ? new Date(ms).toISOString().replace('.000', '') : '';
}
