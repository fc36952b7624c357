export interface WrapShape {
  readonly columns: number;
  /** Before the first line; the others are indented by its width. */
  readonly lead: string;
}

/** Breaks at spaces, and within a word that is longer than a line. */
export function wrap(text: string, { columns, lead }: WrapShape): readonly string[] {
  const width = Math.max(1, columns - lead.length);
  const words = text.split(' ').flatMap((long) => chunks(long, width));
  return filled(words, width).map((content, index) => indented(content, index === 0 ? lead : lead.length));
}

/** Lines of as many words as fit. */
function filled(words: readonly string[], width: number): string[] {
  const lines = [''];
  for (const word of words) {
    const last = lines.at(-1) ?? '';
    if (last === '') lines[lines.length - 1] = word;
    else if (last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

/** Breaks wherever the line is full: for bodies and headers, where each space counts. */
export function wrapHard(text: string, { columns, lead }: WrapShape): readonly string[] {
  return chunks(text, Math.max(1, columns - lead.length)).map((chunk) => `${lead}${chunk}`.trimEnd());
}

const WORD = /(?:'[^']*'|\\.|[^\s'])+/;
/** A flag stays beside its value. */
const FLAG_OR_WORD = new RegExp(`--\\S+ (?!--)${WORD.source}|${WORD.source}`, 'g');

/** A command for the shell: it breaks after a backslash, outside of quotes, and before a flag where it can. */
export function wrapCommand(command: string, { columns, lead }: WrapShape): readonly string[] {
  const width = columns - lead.length - ' \\'.length;
  return filled(command.match(FLAG_OR_WORD) ?? [], width).map((line, index, { length }) => {
    const text = index === length - 1 ? line : `${line} \\`;
    return indented(text, index === 0 ? lead : lead.length);
  });
}

/** A link stays whole: if it does not fit beside its label, it goes below it. */
export function wrapLink(url: string, { columns, lead }: WrapShape): readonly string[] {
  if (lead.length + url.length <= columns) return [lead + url];
  const margin = /^ */.exec(lead)?.[0] ?? '';
  return [lead.trimEnd(), margin + url];
}

function indented(content: string, lead: string | number): string {
  return `${typeof lead === 'string' ? lead : ' '.repeat(lead)}${content}`.trimEnd();
}

/** By code points: no character is torn apart. */
function chunks(text: string, width: number): readonly string[] {
  const characters = Array.from(text);
  const count = Math.max(1, Math.ceil(characters.length / width));
  return Array.from({ length: count }, (_, index) =>
    characters.slice(index * width, (index + 1) * width).join(''),
  );
}
