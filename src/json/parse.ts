import { parse as parseDocument, type MemberNode, type ValueNode } from '@humanwhocodes/momoa';
import { HookcastError } from '../errors.ts';
import { array, object, type JsonMember, type JsonNode } from './node.ts';

/** Text that is not JSON (RFC 8259). `line` and `column` count from 1. */
export class JsonSyntaxError extends HookcastError {
  override name = 'JsonSyntaxError' as const;
  readonly reason: string;
  readonly line: number;
  readonly column: number;

  constructor(reason: string, position: { line: number; column: number }) {
    super('JSON_SYNTAX', `line ${position.line}, column ${position.column}: ${reason}`);
    this.reason = reason;
    this.line = position.line;
    this.column = position.column;
  }
}

/** Reads JSON text and keeps its spelling. @throws {JsonSyntaxError} */
export function parseJson(text: string): JsonNode {
  try {
    return convert(parseDocument(text, { mode: 'json', ranges: true }).body, text);
  } catch (error) {
    throw explain(error);
  }
}

function convert(node: ValueNode, text: string): JsonNode {
  switch (node.type) {
    case 'Object':
      return object(node.members.map((entry) => convertMember(entry, text)));
    case 'Array':
      return array(node.elements.map((element) => convert(element.value, text)));
    case 'String':
    case 'Number':
    case 'Boolean':
      return { kind: 'scalar', value: node.value, text: source(node, text) };
    case 'Null':
      return { kind: 'scalar', value: null, text: 'null' };
    // Spellings of JSON5, which the parser's `json` mode refuses.
    case 'NaN':
    case 'Infinity':
      throw new Error(`${node.type} in JSON`);
  }
}

function convertMember(entry: MemberNode, text: string): JsonMember {
  const key = entry.name.type === 'String' ? entry.name.value : entry.name.name;
  const spelling = source(entry.name, text);
  const value = convert(entry.value, text);
  return spelling === JSON.stringify(key) ? { key, value } : { key, spelling, value };
}

function source(node: { range?: readonly number[] | undefined }, text: string): string {
  return text.slice(node.range?.[0], node.range?.[1]);
}

/** momoa's syntax errors carry `line` and `column`, and repeat both in brackets at the end of the message. */
function explain(error: unknown): unknown {
  if (!(error instanceof Error) || !('line' in error) || !('column' in error)) return error;
  const reason = error.message.replace(/\s*\(\d+:\d+\)\s*$/, '').replace(/\.$/, '');
  return new JsonSyntaxError(reason.charAt(0).toLowerCase() + reason.slice(1), {
    line: Number(error.line),
    column: Number(error.column),
  });
}
