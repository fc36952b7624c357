/** The text in lines, its numbers and escapes as they are; undefined for what is not JSON. */
export function prettyJson(text: string): string | undefined {
  if (!isJson(text)) return undefined;
  let depth = 0;
  const tokens = tokensOf(text);
  const pieces = tokens.map((token, index) => {
    const isFirst = isOpening(tokens[index - 1]);
    if (isClosing(token)) depth -= 1;
    const breakBefore = isClosing(token) ? !isFirst : isFirst || tokens[index - 1] === ',';
    const start = breakBefore && index > 0 ? `\n${'  '.repeat(depth)}` : '';
    if (isOpening(token)) depth += 1;
    return `${start}${token}${token === ':' ? ' ' : ''}`;
  });
  return pieces.join('');
}

/** Without the white space between its parts; as it is when it is not JSON. */
export function compactJson(text: string): string {
  return isJson(text) ? tokensOf(text).join('') : text;
}

const isOpening = (token: string | undefined) => token === '{' || token === '[';
const isClosing = (token: string) => token === '}' || token === ']';

function tokensOf(text: string): readonly string[] {
  return text.match(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g) ?? [];
}

function isJson(text: string): boolean {
  return jsonError(text) === undefined;
}

/** What is wrong with it, in the browser's words, which name the place. */
export function jsonError(text: string): string | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
