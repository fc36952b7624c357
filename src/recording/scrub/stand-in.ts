/** Derives whole numbers from a value: the same ones for the same value, and not reversible. */
export type Derive = (value: string, index: number) => number;

/**
 * Another text of the same length and kind, in the same spelling: a digit for a digit, a letter for a letter of
 * the same case and as many bytes, a valid date for a date; all other characters stay.
 * @param spelled - the inside of a JSON string, escapes included
 */
export function standInText(spelled: string, value: string, derive: Derive): string {
  const date = standInDate(spelled, value, derive);
  if (date !== undefined) return date;
  let index = 0;
  return spelled.replace(/\\u[0-9a-fA-F]{4}|\\.|[^\\]/gsu, (unit) => {
    index += 1;
    return otherUnit(unit, derive(value, index));
  });
}

const DATE = /^(\d{4})-(\d\d)(-\d\d)?(?=$|T)/;

/** Years are of living people; days exist in every month. A time of day says nothing without its date, and stays. */
function standInDate(spelled: string, value: string, derive: Derive): string | undefined {
  const match = DATE.exec(spelled);
  if (match === null) return undefined;
  const two = (number: number) => String(number).padStart(2, '0');
  const year = String(1940 + (derive(value, 1) % 60));
  const month = two(1 + (derive(value, 2) % 12));
  const day = match[3] === undefined ? '' : `-${two(1 + (derive(value, 3) % 28))}`;
  return `${year}-${month}${day}${spelled.slice(match[0].length)}`;
}

function otherUnit(unit: string, number: number): string {
  if (unit.length === 6 && unit.startsWith('\\u')) return otherEscape(unit, number);
  return unit.startsWith('\\') ? unit : otherCharacter(unit, number);
}

/** Half of a pair stays half of a pair. */
function otherEscape(escape: string, number: number): string {
  const code = Number.parseInt(escape.slice(2), 16);
  if (code >= 0xd800 && code < 0xdc00) return escape;
  const isLowHalf = code >= 0xdc00 && code < 0xe000;
  const other = isLowHalf
    ? 0xdc00 + (number % 1024)
    : (otherCharacter(String.fromCharCode(code), number).codePointAt(0) ?? code);
  return `\\u${other.toString(16).padStart(4, '0')}`;
}

/** Ranges of letters by how many bytes they have in UTF-8. */
const LETTERS = [
  { bytes: 2, first: 0xe0, count: 22 },
  { bytes: 3, first: 0x4e00, count: 4096 },
  { bytes: 4, first: 0x20000, count: 4096 },
] as const;

function otherCharacter(character: string, number: number): string {
  if (/[0-9]/.test(character)) return String(number % 10);
  if (/[a-z]/.test(character)) return String.fromCharCode(0x61 + (number % 26));
  if (/[A-Z]/.test(character)) return String.fromCharCode(0x41 + (number % 26));
  if (!/\p{L}|\p{M}|\p{N}/u.test(character)) return character;
  const bytes = Buffer.byteLength(character);
  const range = LETTERS.find((candidate) => candidate.bytes === bytes);
  return range === undefined ? character : String.fromCodePoint(range.first + (number % range.count));
}

/** Another number in the same spelling, never further from zero: a latitude stays one. */
export function standInNumber(spelled: string, derive: Derive): string {
  const [mantissa, exponent] = splitAt(spelled, spelled.search(/[eE]/));
  const point = mantissa.indexOf('.');
  const wholeEnd = point < 0 ? mantissa.length : point;
  const first = mantissa.search(/\d/);
  let index = 0;
  const other = mantissa.replace(/\d/g, (digit, offset: number) => {
    index += 1;
    const number = derive(spelled, index);
    if (offset > wholeEnd) return String(number % 10);
    const limit = Number(digit);
    const isLeading = offset === first && wholeEnd - first > 1;
    return String(isLeading ? 1 + (number % limit) : number % (limit + 1));
  });
  return other + exponent;
}

function splitAt(text: string, index: number): [string, string] {
  return index < 0 ? [text, ''] : [text.slice(0, index), text.slice(index)];
}
