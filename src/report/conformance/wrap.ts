export interface WrapShape {
  readonly columns: number;
  /** Before the first line; the others are indented by as many spaces. */
  readonly lead: string;
}

/** Breaks at spaces, and within a word that is longer than a line. */
export function wrap(text: string, { columns, lead }: WrapShape): readonly string[] {
  const width = Math.max(1, columns - lead.length);
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').flatMap((long) => chunks(long, width))) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].map((content, index) => indented(content, index === 0 ? lead : lead.length));
}

/** Breaks wherever the line is full: for bodies and headers, where each space counts. */
export function wrapHard(text: string, { columns, lead }: WrapShape): readonly string[] {
  return chunks(text, Math.max(1, columns - lead.length)).map((chunk) => `${lead}${chunk}`.trimEnd());
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
