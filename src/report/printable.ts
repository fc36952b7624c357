/**
 * Text from a receiver, safe for a terminal or a log: control characters (with them escape sequences, and the
 * marks that reverse the direction of writing) become visible, and a long text is cut.
 */
export function printable(text: string, limit = 200): string {
  const visible = text.replace(
    /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/g,
    (character) =>
      ESCAPES[character] ?? `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );
  return visible.length > limit ? `${visible.slice(0, limit - 3)}...` : visible;
}

const ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };
