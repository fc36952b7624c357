/** What a word is put together from; the last alternative but one parts words. */
const PART = /\\\r?\n|\\.|\$'(?:[^'\\]|\\.)*'|'[^']*'|"(?:[^"\\]|\\.)*"|\s+|[^\s'"\\]+/gsu;

/** As a POSIX shell splits them, with `$'…'` of bash; undefined for a quotation that does not end. */
export function shellWords(text: string): string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let end = 0;
  for (const { 0: part, index } of `${text.trim()} `.matchAll(PART)) {
    if (index !== end) return undefined;
    end += part.length;
    if (/^\\\r?\n$/.test(part)) continue;
    if (part.trim() !== '') word = (word ?? '') + unquoted(part);
    else if (word !== undefined) {
      words.push(word);
      word = undefined;
    }
  }
  return word === undefined ? words : undefined;
}

function unquoted(part: string): string {
  if (part.startsWith("$'")) return ansiText(part.slice(2, -1));
  if (part.startsWith("'")) return part.slice(1, -1);
  if (part.startsWith('"'))
    return part
      .slice(1, -1)
      .replace(/\\\r?\n/g, '')
      .replace(/\\(["\\$`])/g, '$1');
  return part.startsWith('\\') ? part.slice(1) : part;
}

const CONTROLS: Readonly<Record<string, string>> = {
  ...{ n: '\n', r: '\r', t: '\t', a: '\x07', b: '\b', f: '\f', v: '\v', e: '\x1b' },
};

function ansiText(text: string): string {
  return text.replace(/\\(?:u[\da-fA-F]{1,4}|x[\da-fA-F]{1,2}|.)/gs, (escape) => {
    if (escape.length > 2) return String.fromCharCode(Number.parseInt(escape.slice(2), 16));
    return CONTROLS[escape.slice(1)] ?? escape.slice(1);
  });
}
