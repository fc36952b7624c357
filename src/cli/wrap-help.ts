const COMMAND = /^ +\$ /;
/** Of the lines that continue a command or a paragraph. */
const INDENT = '      ';

/** Help text, no line of it wider than `width` unless a single word is; long commands continue after a backslash. */
export function wrapHelp(text: string, width: number): string {
  return reflowed(text, width)
    .replace(/\n{3,}/g, '\n\n')
    .split('\n')
    .flatMap((line) => (line.length <= width ? [line] : wrapLine(line, width)))
    .join('\n');
}

/** Paragraphs with a line that is too wide become one line each, so that they break evenly. */
function reflowed(text: string, width: number): string {
  return text.replace(/^\S.*(?:\n\S.*)+$/gm, (paragraph) =>
    paragraph.split('\n').some(({ length }) => length > width) ? paragraph.replaceAll('\n', ' ') : paragraph,
  );
}

function wrapLine(line: string, width: number): string[] {
  const isCommand = COMMAND.test(line);
  const indent = isCommand ? INDENT : (/^ */.exec(line)?.[0] ?? '');
  const end = isCommand ? ' \\' : '';
  const lines: string[] = [];
  let rest = line;
  while (rest.length > width) {
    const at = breakBefore(rest, { width: width - end.length, isCommand });
    if (at === undefined) break;
    lines.push(rest.slice(0, at) + end);
    rest = indent + rest.slice(at + 1);
  }
  return [...lines, rest];
}

/** The space at which a line breaks: in a command before a flag, so that it stays beside its value. */
function breakBefore(
  line: string,
  { width, isCommand }: { width: number; isCommand: boolean },
): number | undefined {
  const start = line.search(/\S/) + (isCommand ? 2 : 0);
  const last = (what: string) => {
    const at = line.lastIndexOf(what, width);
    return at > start ? at : undefined;
  };
  return (isCommand ? last(' --') : undefined) ?? last(' ');
}
