import type { JsonMember, JsonNode } from '../json/node.ts';

/** How a library prints JSON that it has parsed. */
export interface JsonSpelling {
  /** Between members and items, and between a key and its value. */
  readonly comma: string;
  readonly colon: string;
  /** With its quotes. */
  readonly string: (value: string) => string;
  /** From its spelling in the source. */
  readonly number: (text: string) => string;
  /** The members in the order in which they are printed. @default the order of the source */
  readonly order?: (members: readonly JsonMember[]) => readonly JsonMember[];
  /** @default `{}` */
  readonly emptyObject?: string;
  /** Leaves out members that are null. @default false */
  readonly dropsNull?: boolean;
}

export function spellJson(node: JsonNode, spelling: JsonSpelling): string {
  switch (node.kind) {
    case 'scalar':
      if (typeof node.value === 'string') return spelling.string(node.value);
      return typeof node.value === 'number' ? spelling.number(node.text) : node.text;
    case 'array':
      return `[${node.items.map((item) => spellJson(item, spelling)).join(spelling.comma)}]`;
    case 'object':
      return spellObject(node.members, spelling);
  }
}

function spellObject(members: readonly JsonMember[], spelling: JsonSpelling): string {
  const { comma, colon, emptyObject = '{}', order = (given: readonly JsonMember[]) => given } = spelling;
  const kept = order(lastOfEach(members)).filter(({ value }) => !(spelling.dropsNull && isNull(value)));
  if (kept.length === 0) return emptyObject;
  const texts = kept.map(({ key, value }) => spelling.string(key) + colon + spellJson(value, spelling));
  return `{${texts.join(comma)}}`;
}

function isNull(node: JsonNode): boolean {
  return node.kind === 'scalar' && node.value === null;
}

/** Of members with the same key a parser keeps the last value, where the first one stood. */
function lastOfEach(members: readonly JsonMember[]): readonly JsonMember[] {
  return [...new Map(members.map((entry) => [entry.key, entry])).values()];
}

/** By code points, as Go and Python sort. */
export function sortedByKey(members: readonly JsonMember[]): readonly JsonMember[] {
  return members.toSorted((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)));
}

export const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  ...{ '\b': '\\b', '\f': '\\f', '\n': '\\n', '\r': '\\r', '\t': '\\t', '\\': '\\\\', '"': '\\"' },
};

export interface EscapeOptions {
  /** What is escaped beside quotes, backslashes and control characters, by code unit. */
  readonly also?: RegExp;
  readonly hex?: 'lower' | 'upper';
  /** These instead of the usual short escapes. */
  readonly short?: Readonly<Record<string, string>>;
}

/** A printer of strings: `\n` and its like in short, all else that must not stand there as `\u001f`. */
export function escaping({
  also,
  hex = 'lower',
  short = SHORT_ESCAPES,
}: EscapeOptions = {}): JsonSpelling['string'] {
  const pattern = new RegExp(`["\\\\\\u0000-\\u001f]${also === undefined ? '' : `|${also.source}`}`, 'g');
  return (value) =>
    `"${value.replace(pattern, (character) => short[character] ?? unicodeEscape(character, hex))}"`;
}

function unicodeEscape(character: string, letters: 'lower' | 'upper'): string {
  const digits = character.charCodeAt(0).toString(16).padStart(4, '0');
  return `\\u${letters === 'upper' ? digits.toUpperCase() : digits}`;
}

export interface FloatLook {
  /** Decimal exponents that are written out: from … to, exclusive. */
  readonly plain: readonly [from: number, to: number];
  /** `100.0`, or `100`. */
  readonly hasFraction: boolean;
  /** The part after the mantissa. */
  readonly exponent: (exponent: number) => string;
  /** Does a mantissa of one digit get a `.0`? */
  readonly isMantissaFractional: boolean;
}

/** A printer of numbers: integers as they are, all else as the shortest digits that give the same double. */
export function floats(look: FloatLook): JsonSpelling['number'] {
  return (text) => {
    if (/^-?\d+$/.test(text)) return text === '-0' ? '0' : text;
    return spellFloat(Number(text), look);
  };
}

function spellFloat(value: number, look: FloatLook): string {
  const { plain, hasFraction, exponent, isMantissaFractional } = look;
  if (value === 0) return withFraction(Object.is(value, -0) ? '-0' : '0', hasFraction);
  const [mantissa = '', power] = value.toExponential().split('e');
  const exponent10 = Number(power);
  const isPlain = exponent10 >= plain[0] && exponent10 < plain[1];
  if (isPlain) return withFraction(String(value), hasFraction);
  return withFraction(mantissa, isMantissaFractional) + exponent(exponent10);
}

function withFraction(digits: string, isWanted: boolean): string {
  return isWanted && !digits.includes('.') ? `${digits}.0` : digits;
}
