import { array, object, type JsonArray, type JsonMember, type JsonNode, type JsonObject } from './node.ts';

/** Far more than any document needs, and far less than what exhausts the stack of a walk over it. */
export const DEEPEST = 1_000;

/** Thrown where the text is nested deeper than `DEEPEST`. */
export class DepthError extends Error {
  readonly offset: number;

  constructor(offset: number) {
    super(`nested deeper than ${DEEPEST} levels`);
    this.offset = offset;
  }
}

/** Reads text that `JSON.parse` has accepted, and keeps the spelling that it loses. @throws {DepthError} */
export function readValid(text: string): JsonNode {
  return new Reader(text).value();
}

const SPACE = /[\t\n\r ]*/y;
const STRING = /"(?:[^"\\]|\\.)*"/y;
/** A number, true, false or null. */
const WORD = /[-+.\w]+/y;

/** Trusts the text, and so looks only at what it needs to tell tokens apart. */
class Reader {
  readonly #text: string;
  #offset = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(): JsonNode {
    const first = this.#peek();
    if (first === '{' || first === '[') return this.#nested(first);
    const text = this.#take(first === '"' ? STRING : WORD);
    return { kind: 'scalar', value: JSON.parse(text) as string | number | boolean | null, text };
  }

  #nested(first: '{' | '['): JsonNode {
    this.#depth += 1;
    if (this.#depth > DEEPEST) throw new DepthError(this.#offset);
    const node = first === '{' ? this.#object() : this.#array();
    this.#depth -= 1;
    return node;
  }

  #object(): JsonObject {
    const members: JsonMember[] = [];
    for (this.#offset += 1; this.#peek() !== '}';) members.push(this.#member());
    this.#offset += 1;
    return object(members);
  }

  #member(): JsonMember {
    const spelling = this.#take(STRING);
    const key = JSON.parse(spelling) as string;
    this.#peek();
    this.#offset += 1; // The colon.
    const value = this.value();
    this.#skipComma();
    return spelling === JSON.stringify(key) ? { key, value } : { key, spelling, value };
  }

  #array(): JsonArray {
    const items: JsonNode[] = [];
    for (this.#offset += 1; this.#peek() !== ']';) {
      items.push(this.value());
      this.#skipComma();
    }
    this.#offset += 1;
    return array(items);
  }

  #skipComma(): void {
    if (this.#peek() === ',') this.#offset += 1;
  }

  /** The first character of the next token. */
  #peek(): string | undefined {
    this.#take(SPACE);
    return this.#text[this.#offset];
  }

  #take(token: RegExp): string {
    token.lastIndex = this.#offset;
    const [found = ''] = token.exec(this.#text) ?? [];
    this.#offset += found.length;
    return found;
  }
}
