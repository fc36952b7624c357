/** Breaks a text at its spaces into lines of at most `width` characters; a longer word stands alone, whole. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && visibleLength(last) + 1 + visibleLength(word) <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** As `wrap`, with the lines after the first indented. */
export function wrapIndented(text: string, width: number, indent: number): string {
  const margin = /^ */.exec(text)?.[0] ?? '';
  const hanging = ' '.repeat(margin.length + indent);
  const [first = '', ...others] = wrap(text, width);
  const rest = others.filter((line) => line !== '').join(' ');
  if (rest === '') return first;
  return [first.trimEnd(), ...wrap(rest, width - hanging.length).map((line) => hanging + line)].join('\n');
}

/** Of a column of text. */
const NARROWEST = 24;
const BELOW = 10;

/** A table whose last column breaks at spaces and goes on below itself, or below its row where it has no room. */
export function wrapLastColumn(table: string, heading: string, columns: number): string {
  const lines = table.split('\n');
  const at = lines[0]?.indexOf(heading) ?? 0;
  const hasRoom = columns - 1 - at >= NARROWEST;
  const indent = ' '.repeat(hasRoom ? at : BELOW);
  return lines
    .flatMap((line) => {
      if (line.length < columns) return [line];
      const [first = '', ...others] = wrap(line.slice(at), columns - 1 - indent.length);
      const row = line.slice(0, at);
      const top = hasRoom ? [row + first] : [row.trimEnd(), indent + first];
      return [...top, ...others.map((text) => indent + text)];
    })
    .join('\n');
}

/** Without escape sequences for colours. */
function visibleLength(text: string): number {
  return text.replace(/\u001b\[[\d;]*m/g, '').length;
}
