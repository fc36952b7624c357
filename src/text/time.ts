const ISO = /^(\d{4}-\d\d-\d\d)(?:[Tt ](\d\d:\d\d)(:\d\d)?(?:[.,](\d{1,9}))?(?:[Zz]|([+-]\d\d):?(\d\d)))?$/;

/**
 * Reads ISO 8601: a time with `Z` or an offset, or a day alone, which begins at midnight UTC. The machine's time zone
 * has no say. @returns milliseconds since 1970; undefined for anything else, days that do not exist included
 */
export function parseIsoTime(text: string): number | undefined {
  const match = ISO.exec(text);
  if (match === null) return undefined;
  const [, day = '', minute = '00:00', second = ':00', fraction = '', hours, minutes] = match;
  const utcMs = exactUtc(`${day}T${minute}${second}`);
  const offsetMs = hours === undefined ? 0 : offsetOf(hours, Number(minutes));
  if (utcMs === undefined || offsetMs === undefined) return undefined;
  return utcMs + Number(`${fraction}000`.slice(0, 3)) - offsetMs;
}

function offsetOf(signedHours: string, minutes: number): number | undefined {
  const hours = Number(signedHours.slice(1));
  if (hours > 23 || minutes > 59) return undefined;
  return (signedHours.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

/** Undefined where the calendar or the clock has no such second: `Date.parse` takes 30 February for 2 March. */
function exactUtc(second: string): number | undefined {
  const date = new Date(`${second}Z`);
  const isExact = Number.isFinite(date.getTime()) && date.toISOString().startsWith(second);
  return isExact ? date.getTime() : undefined;
}
