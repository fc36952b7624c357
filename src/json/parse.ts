import { parse as parseDocument } from '@humanwhocodes/momoa';
import { HookcastError } from '../errors.ts';
import type { JsonNode } from './node.ts';
import { readValid } from './read-valid.ts';

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
    JSON.parse(text);
  } catch (error) {
    throw explain(whereInText(text) ?? error, text);
  }
  return readValid(text);
}

/** The platform's message names no line; momoa's does, unless it is of another mind and lets the text pass. */
function whereInText(text: string): unknown {
  try {
    parseDocument(text, { mode: 'json' });
    return undefined;
  } catch (error) {
    return error;
  }
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
