export interface SendForm {
  /** A line each: `path = value`, `+path = value` for a new one, `-path` to take one out. */
  readonly overrides: string;
  readonly referenceId: string;
  readonly signature: string;
}

interface Chosen extends SendForm {
  readonly event: string;
  readonly webhook: string;
}

/** The body of POST /v1/deliveries, or what is wrong with the form. */
export function requestOf({ event, webhook, referenceId, signature, overrides }: Chosen): {
  readonly request: object;
  readonly error?: string;
} {
  const set: Record<string, unknown> = {};
  const add: Record<string, unknown> = {};
  const remove: string[] = [];
  const lines = overrides.split('\n').map((line) => line.trim());
  for (const [index, line] of lines.entries()) {
    if (line === '') continue;
    const found = readLine(line);
    if (found === undefined) {
      return { request: {}, error: `Line ${index + 1}: write path = value, or -path to take it out.` };
    }
    if (found.kind === 'remove') remove.push(found.path);
    else (found.kind === 'add' ? add : set)[found.path] = found.value;
  }
  return {
    request: {
      event,
      ...(webhook === '' ? {} : { webhook }),
      ...(referenceId === '' ? {} : { referenceId }),
      ...(signature === 'valid' ? {} : { signature }),
      ...(Object.keys(set).length === 0 ? {} : { set }),
      ...(Object.keys(add).length === 0 ? {} : { add }),
      ...(remove.length === 0 ? {} : { remove }),
    },
  };
}

type Line =
  | { readonly kind: 'remove'; readonly path: string }
  | { readonly kind: 'set' | 'add'; readonly path: string; readonly value: unknown };

function readLine(line: string): Line | undefined {
  if (line.startsWith('-')) return { kind: 'remove', path: line.slice(1).trim() };
  const [, plus = '', path, text] = /^(\+?)\s*([^=]+?)\s*=\s*(.*)$/.exec(line) ?? [];
  if (path === undefined || text === undefined) return undefined;
  return { kind: plus === '' ? 'set' : 'add', path, value: valueOf(text) };
}

/** JSON where it is JSON, else the text itself. */
function valueOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
