import { globExpression } from '../../text/glob.ts';
import { HookcastError } from '../../errors.ts';
import { canonicalKey } from '../../persona/key-convention.ts';

/** One entry of `api-attributes-blocklist`. Syntax: Persona, Webhook Attribute Blocklists. */
export interface BlocklistEntry {
  /** As the user wrote it. */
  readonly text: string;
  /** `!entry`: what it matches stays, whatever the other entries say. */
  readonly isExemption: boolean;
  /** Where it looks: a bare name on any object and at any depth, a path in `data`, in `included`, or in both. */
  readonly scope: 'anywhere' | 'data' | 'included' | 'both';
  /** Keys from `attributes` downwards; a bare name has one. `*` stands for any run of characters in a key. */
  readonly segments: readonly RegExp[];
  /** `?type=…`: only objects of this type. */
  readonly type?: RegExp;
}

/** An entry that follows none of Persona's forms; `position` counts characters from 1. */
export class BlocklistSyntaxError extends HookcastError {
  override name = 'BlocklistSyntaxError' as const;
  readonly entry: string;
  readonly position: number;

  constructor(entry: string, position: number, reason: string) {
    super('BLOCKLIST_SYNTAX', `blocklist entry '${entry}', position ${position}: ${reason}`);
    this.entry = entry;
    this.position = position;
  }
}

const SCOPES: ReadonlyMap<string, BlocklistEntry['scope']> = new Map([
  ['data', 'data'],
  ['included', 'included'],
  ['*', 'both'],
]);

/** @throws {BlocklistSyntaxError} */
export function parseEntry(text: string): BlocklistEntry {
  const isExemption = text.startsWith('!');
  const offset = isExemption ? 1 : 0;
  const body = text.slice(offset);
  if (body === '') throw new BlocklistSyntaxError(text, offset + 1, 'a name or a path is missing');
  const blank = /\s/.exec(body);
  if (blank !== null)
    throw new BlocklistSyntaxError(text, offset + blank.index + 1, 'white space in an entry');
  const cursor = { text, offset, body };
  return { text, isExemption, ...(body.startsWith('/') ? parsePath(cursor) : parseName(cursor)) };
}

interface Cursor {
  readonly text: string;
  /** Where `body` starts in `text`, from 0. */
  readonly offset: number;
  readonly body: string;
}

type Target = Pick<BlocklistEntry, 'scope' | 'segments' | 'type'>;

function parseName({ text, offset, body }: Cursor): Target {
  const odd = /[^A-Za-z0-9_*-]/.exec(body);
  if (odd !== null) throw new BlocklistSyntaxError(text, offset + odd.index + 1, nameFault(odd[0], body));
  return { scope: 'anywhere', segments: [keyPattern(body)] };
}

function nameFault(character: string, body: string): string {
  if (character === '/')
    return `a path starts with a slash: '/data/attributes/${body.split('/').at(-1) ?? ''}'`;
  if (character === '.') {
    return `dots belong to the API's sparse fields; a blocklist path is '/data/attributes/${body.replaceAll('.', '/')}'`;
  }
  return `'${character}' cannot stand in a name`;
}

function parsePath(cursor: Cursor): Target {
  const { text, offset, body } = cursor;
  const question = body.indexOf('?');
  const path = question < 0 ? body : body.slice(0, question);
  const [scopeName = '', attributes, ...keys] = path.slice(1).split('/');
  const scope = SCOPES.get(scopeName);
  if (scope === undefined) {
    throw new BlocklistSyntaxError(text, offset + 2, `a path starts with /data, /included or /*`);
  }
  if (attributes !== 'attributes') {
    const position = offset + 2 + scopeName.length + 1;
    throw new BlocklistSyntaxError(text, position, `'/attributes' must follow: nothing else can be blocked`);
  }
  const type = question < 0 ? {} : { type: parseType(cursor, question) };
  return { scope, segments: parseKeys(cursor, keys), ...type };
}

function parseKeys({ text, offset, body }: Cursor, keys: readonly string[]): RegExp[] {
  let position = offset + body.indexOf('/attributes') + '/attributes'.length + 1;
  if (keys.length === 0) throw new BlocklistSyntaxError(text, position, `a key must follow '/attributes'`);
  return keys.map((key) => {
    position += 1;
    if (key === '')
      throw new BlocklistSyntaxError(text, position, 'a key is missing between or after the slashes');
    const odd = /[^A-Za-z0-9_*-]/.exec(key);
    if (odd !== null)
      throw new BlocklistSyntaxError(text, position + odd.index, `'${odd[0]}' cannot stand in a key`);
    position += key.length;
    return keyPattern(key);
  });
}

function parseType({ text, offset, body }: Cursor, question: number): RegExp {
  const value = /^\?type=(.*)$/.exec(body.slice(question))?.[1];
  if (value === undefined) {
    throw new BlocklistSyntaxError(text, offset + question + 2, `only '?type=<resource type>' can follow`);
  }
  const start = offset + question + '?type='.length;
  const odd = /[^a-z0-9/*_-]/i.exec(value);
  if (value === '' || odd !== null) {
    throw new BlocklistSyntaxError(
      text,
      start + (odd?.index ?? 0) + 1,
      `a resource type such as 'case' must follow`,
    );
  }
  return globExpression(value);
}

function keyPattern(key: string): RegExp {
  return globExpression(canonicalKey(key));
}
