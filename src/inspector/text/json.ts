/** The text in lines, its numbers and escapes as they are; undefined for what is not JSON. */
export function prettyJson(text: string): string | undefined {
  if (!isJson(text)) return undefined;
  let out = '';
  let depth = 0;
  const line = () => `\n${'  '.repeat(depth)}`;
  const tokens = tokensOf(text);
  for (const [index, token] of tokens.entries()) {
    const next = tokens[index + 1];
    const isClosing = token === '}' || token === ']';
    if (isClosing) {
      depth -= 1;
      if (!isOpening(tokens[index - 1])) out += line();
    }
    out += token;
    if (isOpening(token)) {
      depth += 1;
      if (next !== '}' && next !== ']') out += line();
    } else if (token === ',') out += line();
    else if (token === ':') out += ' ';
  }
  return out;
}

/** Without the white space between its parts; as it is when it is not JSON. */
export function compactJson(text: string): string {
  return isJson(text) ? tokensOf(text).join('') : text;
}

const isOpening = (token: string | undefined) => token === '{' || token === '[';

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
