import { parse as parseDocument } from '@humanwhocodes/momoa';
import { HookcastError } from '../errors.ts';
import type { JsonNode, JsonMember } from './node.ts';
import { DepthError, readValid } from './read-valid.ts';

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
    throw syntaxError(error, text);
  }
  try {
    return readValid(text);
  } catch (error) {
    if (!(error instanceof DepthError)) throw error;
    throw new JsonSyntaxError(error.message, positionOf(text, error.offset));
  }
}

/** The document of a body; undefined for one that is not JSON. */
export function jsonIn(body: Buffer): JsonNode | undefined {
  try {
    return parseJson(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** The platform's message names no line; momoa's does, unless it lets the text pass or gives up at its depth. */
function syntaxError(error: unknown, text: string): JsonSyntaxError {
  return explained(text) ?? inPlatformsWords(error, text);
}

/** momoa's errors carry `line` and `column`, and repeat both at the end of the message. */
function explained(text: string): JsonSyntaxError | undefined {
  try {
    parseDocument(text, { mode: 'json' });
    return undefined;
  } catch (error) {
    if (!(error instanceof Error && 'line' in error && 'column' in error)) return undefined;
    const reason = error.message.replace(/(?: found)?\.?\s*\(\d+:\d+\)\s*$/, '');
    return new JsonSyntaxError(lowerFirst(withSigns(reason)), {
      line: Number(error.line),
      column: Number(error.column),
    });
  }
}

/** V8's messages say `at position 7`, or nothing where the text ends too early. */
function inPlatformsWords(error: unknown, text: string): JsonSyntaxError {
  const message = error instanceof Error ? error.message : String(error);
  const offset = Number(/at position (\d+)/.exec(message)?.[1] ?? text.length);
  return new JsonSyntaxError(
    lowerFirst(message.replace(/ in JSON at position.*$/s, '')),
    positionOf(text, offset),
  );
}

function positionOf(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 };
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
  return reason.replace(
    /token (\w+)/,
    (_, token: string) => (Object.hasOwn(SIGNS, token) ? SIGNS[token] : undefined) ?? token.toLowerCase(),
  );
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** Compact JSON text, each scalar and key in the spelling of its source. */
export function serialise(node: JsonNode): string {
  if (node.kind === 'scalar') return node.text;
  // Loops, and no lists of pieces: this is most of what composing a body costs.
  let text = '';
  if (node.kind === 'array') {
    for (const item of node.items) text += (text === '' ? '' : ',') + serialise(item);
    return `[${text}]`;
  }
  for (const entry of node.members)
    text += `${text === '' ? '' : ','}${keyText(entry)}:${serialise(entry.value)}`;
  return `{${text}}`;
}

/** The same document with two spaces of indentation, for people. */
export function serialisePretty(node: JsonNode, indent = ''): string {
  const inner = `${indent}  `;
  if (node.kind === 'scalar') return node.text;
  const lines =
    node.kind === 'array'
      ? node.items.map((item) => inner + serialisePretty(item, inner))
      : node.members.map((entry) => `${inner}${keyText(entry)}: ${serialisePretty(entry.value, inner)}`);
  const [open, close] = node.kind === 'array' ? ['[', ']'] : ['{', '}'];
  return lines.length === 0 ? open + close : `${open}\n${lines.join(',\n')}\n${indent}${close}`;
}

/** Keys are few, and come again in every document. */
const KEY_TEXTS = new Map<string, string>();

const KEY_TEXTS_MAX = 10_000;

function keyText({ key, spelling }: JsonMember): string {
  if (spelling !== undefined) return spelling;
  const known = KEY_TEXTS.get(key);
  if (known !== undefined) return known;
  const text = JSON.stringify(key);
  if (KEY_TEXTS.size < KEY_TEXTS_MAX) KEY_TEXTS.set(key, text);
  return text;
}
