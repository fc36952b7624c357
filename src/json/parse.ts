import { parse as parseDocument, type MemberNode, type ValueNode } from '@humanwhocodes/momoa';
import { HookcastError } from '../errors.ts';
import { array, fromValue, object, type JsonMember, type JsonNode, type JsonValue } from './node.ts';

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
  const canonical = parseCanonical(text);
  if (canonical !== undefined) return canonical;
  try {
    const node = convert(parseDocument(text, { mode: 'json', ranges: true }).body, text);
    // momoa lets control characters stand in strings; the platform's parser does not.
    JSON.parse(text);
    return node;
  } catch (error) {
    throw explain(error, text);
  }
}

const SPACE_BETWEEN_TOKENS = /("(?:[^"\\]|\\.)*")|\s+/g;

/**
 * The platform's parser is many times faster and loses the spelling. Where it prints what it read as the very same
 * text, there was no spelling to lose: no `100.0`, no escape, no duplicate or reordered key.
 */
function parseCanonical(text: string): JsonNode | undefined {
  try {
    const value = JSON.parse(text) as JsonValue;
    const isCanonical = JSON.stringify(value) === text.replace(SPACE_BETWEEN_TOKENS, '$1');
    return isCanonical ? fromValue(value) : undefined;
  } catch {
    return undefined; // Not JSON, or nested deeper than the stack: for the parser that says where.
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

/** momoa's errors carry `line` and `column`, and repeat both at the end of the message; V8's say `position`. */
function explain(error: unknown, text: string): unknown {
  if (!(error instanceof Error)) return error;
  if ('line' in error && 'column' in error) {
    const reason = error.message.replace(/(?: found)?\.?\s*\(\d+:\d+\)\s*$/, '');
    return new JsonSyntaxError(lowerFirst(withSigns(reason)), {
      line: Number(error.line),
      column: Number(error.column),
    });
  }
  if (!(error instanceof SyntaxError)) return error;
  const offset = Number(/at position (\d+)/.exec(error.message)?.[1] ?? 0);
  const before = text.slice(0, offset).split('\n');
  const position = { line: before.length, column: (before.at(-1) ?? '').length + 1 };
  return new JsonSyntaxError(lowerFirst(error.message.replace(/ in JSON at position.*$/, '')), position);
}

const SIGNS: Readonly<Record<string, string>> = {
  LBrace: `'{'`,
  RBrace: `'}'`,
  LBracket: `'['`,
  RBracket: `']'`,
  Colon: `':'`,
  Comma: `','`,
};

/** `Unexpected token RBrace` → `Unexpected '}'`. */
function withSigns(reason: string): string {
  return reason.replace(/token (\w+)/, (_, token: string) => SIGNS[token] ?? token.toLowerCase());
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
