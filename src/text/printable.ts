/** C0, DEL and C1; the marks that reverse the direction of writing; line separators; the byte order mark; lone surrogates. */
const CONTROLS =
  /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]|\p{Surrogate}/gu;
const ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/**
 * Text from outside (a receiver, a file, the command line), safe for a terminal or a log, on one line: control
 * characters become visible, and text longer than `limit` characters is cut.
 */
export function printable(text: string, limit = 200): string {
  const visible = text.replace(CONTROLS, escaped);
  return visible.length > limit ? `${visible.slice(0, limit - 3)}...` : visible;
}

/** Several lines at their full length, each made safe as by `printable`; line feeds stay. */
export function printableLines(text: string): string {
  return text.replace(CONTROLS, (character) => (character === '\n' ? character : escaped(character)));
}

function escaped(character: string): string {
  return ESCAPES[character] ?? unicodeEscape(character);
}

/** `\u001b`, as JSON and JavaScript write it. */
export function unicodeEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
