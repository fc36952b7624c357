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

/** Without escape sequences for colours. */
function visibleLength(text: string): number {
  return text.replace(/\u001b\[[\d;]*m/g, '').length;
}
