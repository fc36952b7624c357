const DAY_MS = 86_400_000;

/** Writes `2026-01-31T12:00:00`, the separators of which are there already. For the years 1970 to 9999. */
export function writeDateTime(bytes: Uint8Array, at: number, ms: number): void {
  const days = Math.floor(ms / DAY_MS);
  const seconds = Math.floor((ms - days * DAY_MS) / 1000);
  writeDate(bytes, at, days);
  writeTwo(bytes, at + 11, (seconds / 3600) | 0);
  writeTwo(bytes, at + 14, ((seconds / 60) | 0) % 60);
  writeTwo(bytes, at + 17, seconds % 60);
}

/** Writes `2026-01-31T12:00:00.250`, the separators of which are there already. */
export function writeMilliseconds(bytes: Uint8Array, at: number, ms: number): void {
  writeDateTime(bytes, at, ms);
  const rest = ms % 1000;
  bytes[at + 20] = 48 + ((rest / 100) | 0);
  writeTwo(bytes, at + 21, rest % 100);
}

/** Writes ten digits. */
export function writeUnixSeconds(bytes: Uint8Array, at: number, ms: number): void {
  let rest = Math.floor(ms / 1000);
  for (let place = at + 9; place >= at; place -= 1) {
    bytes[place] = 48 + (rest % 10);
    rest = Math.floor(rest / 10);
  }
}

/** Days since 1970 in the calendar, by years that begin in March (Howard Hinnant, chrono-compatible algorithms). */
function writeDate(bytes: Uint8Array, at: number, days: number): void {
  const sinceMarch0000 = days + 719_468;
  const era = (sinceMarch0000 / 146_097) | 0;
  const dayOfEra = sinceMarch0000 - era * 146_097;
  const leapless =
    dayOfEra - ((dayOfEra / 1460) | 0) + ((dayOfEra / 36_524) | 0) - ((dayOfEra / 146_096) | 0);
  const yearOfEra = (leapless / 365) | 0;
  const dayOfYear = dayOfEra - (365 * yearOfEra + ((yearOfEra / 4) | 0) - ((yearOfEra / 100) | 0));
  const monthFromMarch = ((5 * dayOfYear + 2) / 153) | 0;
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  writeTwo(bytes, at, (year / 100) | 0);
  writeTwo(bytes, at + 2, year % 100);
  writeTwo(bytes, at + 5, month);
  writeTwo(bytes, at + 8, dayOfYear - (((153 * monthFromMarch + 2) / 5) | 0) + 1);
}

function writeTwo(bytes: Uint8Array, at: number, value: number): void {
  const tens = (value / 10) | 0;
  bytes[at] = 48 + tens;
  bytes[at + 1] = 48 + value - tens * 10;
}
