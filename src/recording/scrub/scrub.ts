import { createHmac } from 'node:crypto';
import { JsonSyntaxError } from '../../json/text.ts';
import type { JsonScalar } from '../../json/node.ts';
import { replaceScalars, type KeyPath } from '../../json/replace-scalars.ts';
import { bodyText } from '../body-text.ts';
import { isPersonalNumber, isPersonalText } from './personal.ts';
import type { RecordedAnswer, Recording } from '../recording.ts';
import { standInNumber, standInText, type Derive } from './stand-in.ts';

/**
 * A copy without personal data: their values have stand-ins of the same type and length, the same for the same
 * value. All else keeps its spelling. The signature no longer fits, which `altered` says.
 * @param key - lets its holder try out values, so keep it nowhere
 * @returns undefined for a body that is not JSON, in which personal data cannot be told apart
 */
export function scrubbed(recording: Recording, key: Buffer): Recording | undefined {
  const derive = derivedFrom(key);
  const body = scrubBody(recording.body, derive);
  if (body === undefined) return undefined;
  const { answer } = recording;
  return {
    ...recording,
    body,
    altered: 'scrubbed',
    answer: answer && scrubAnswer(answer, derive),
  };
}

/** Copies without personal data, with stand-ins of one key; a body that is not JSON is left out. */
export async function* withoutPersonalData(
  recordings: AsyncIterable<Recording>,
  { key, onLeftOut }: { key: Buffer; onLeftOut: (recording: Recording) => void },
): AsyncGenerator<Recording> {
  for await (const recording of recordings) {
    const copy = scrubbed(recording, key);
    if (copy === undefined) onLeftOut(recording);
    else yield copy;
  }
}

/** What a receiver says of a person in plain text is not kept at all. */
function scrubAnswer(answer: RecordedAnswer, derive: Derive): RecordedAnswer {
  const body = answer.truncated ? undefined : scrubBody(answer.body, derive);
  return body === undefined ? { ...answer, body: Buffer.alloc(0), truncated: true } : { ...answer, body };
}

function scrubBody(body: Buffer, derive: Derive): Buffer | undefined {
  if (body.length === 0) return body;
  const { text, encoding } = bodyText(body);
  if (encoding !== undefined) return undefined;
  const mark = text.startsWith('\ufeff') ? '\ufeff' : '';
  try {
    const changed = replaceScalars(
      text.slice(mark.length),
      (leaf, keys) => standInOf(leaf, keys, derive),
      (key, spelled) => keyStandIn(key, spelled, derive),
    );
    return Buffer.from(mark + changed, 'utf8');
  } catch (error) {
    // A document that is nested too deep for the parser is none of Persona's either.
    if (error instanceof JsonSyntaxError || error instanceof RangeError) return undefined;
    throw error;
  }
}

function standInOf({ value, text }: JsonScalar, keys: KeyPath, derive: Derive): string | undefined {
  if (typeof value === 'number') return isPersonalNumber(keys) ? standInNumber(text, derive) : undefined;
  if (typeof value !== 'string' || !isPersonalText(value, keys)) return undefined;
  return standIn(value, text, derive);
}

/** Of a URL the scheme stays: it is a URL still. */
function standIn(value: string, spelled: string, derive: Derive): string {
  const inside = spelled.slice(1, -1);
  const scheme = /^https?:(?:\/\/|\\\/\\\/)/.exec(inside)?.[0] ?? '';
  return `"${scheme}${standInText(inside.slice(scheme.length), value, derive)}"`;
}

/** Names of attributes are words; a key with other signs in it (a URL) is data. */
function keyStandIn(key: string, spelled: string, derive: Derive): string | undefined {
  return /^[\w*-]*$/.test(key) ? undefined : standIn(key, spelled, derive);
}

/** 32 bytes for each value and block, four for each number. */
function derivedFrom(key: Buffer): Derive {
  const blocks = new Map<string, Buffer>();
  return (value, index) => {
    const name = `${Math.floor(index / 8)} ${value}`;
    let block = blocks.get(name);
    if (block === undefined) {
      block = createHmac('sha256', key).update(name).digest();
      if (blocks.size > 10_000) blocks.clear();
      blocks.set(name, block);
    }
    return block.readUInt32BE((index % 8) * 4);
  };
}
