import { Noise, quickKey, type NoiseKey } from '../event/noise.ts';
import { mapScalars, scalar, type JsonObject } from '../json/node.ts';
import { SAMPLE_ACCESS_TOKEN } from '../persona/contract.ts';
import {
  individualise,
  keyedTokenForm,
  signedTokenForm,
  type TokenForm,
  type TokenRule,
} from './file-token.ts';

/** `https://files.withpersona.com/front.jpg?access_token=sample`, from 2023-01-05 on (changelog). */
const SIGNED_URL = new RegExp(
  `^(https://files\\.withpersona\\.com/[^?]+\\?access_token=)${SAMPLE_ACCESS_TOKEN}$`,
);
/** `https://withpersona.com/api/v1/files/sample/front.jpg`, before: fetched with the API key, never expires. */
const KEYED_URL = new RegExp(`^(https://withpersona\\.com/api/v1/files/)${SAMPLE_ACCESS_TOKEN}(/.+)$`);

/**
 * Gives each file URL of a fixture a token of its own, as Persona does: a JWT issued when the event happened,
 * with the claims of a recorded delivery. The same event always gets the same tokens, since a body is made
 * again where it is not kept. The tokens open nothing.
 */
export function issueFileTokens(
  document: JsonObject,
  event: { readonly id: string; readonly createdAtMs: number },
  rule: TokenRule,
): JsonObject {
  const issuedAt = Math.floor(event.createdAtMs / 1000);
  const key = tokenKey(event.id);
  let count = 0;
  const issue = (form: TokenForm) => {
    count += 1;
    return issueToken(form, key, count);
  };
  return mapScalars(document, (leaf) => {
    if (typeof leaf.value !== 'string' || !leaf.value.includes(SAMPLE_ACCESS_TOKEN)) return leaf;
    const signed = SIGNED_URL.exec(leaf.value)?.[1];
    if (signed !== undefined)
      return scalar(from(rule, signed) + issue(signedTokenForm(signed, issuedAt, rule)));
    const keyed = KEYED_URL.exec(leaf.value);
    if (keyed === null) return leaf;
    return scalar(`${from(rule, keyed[1] ?? '')}${issue(keyedTokenForm())}${keyed[2] ?? ''}`);
  }) as JsonObject;
}

/** A sandbox serves the files itself, each kind below its own path. */
function from({ origin }: TokenRule, url: string): string {
  if (origin === undefined) return url;
  return url
    .replace('https://files.withpersona.com/', `${origin}/files/`)
    .replace('https://withpersona.com/', `${origin}/`);
}

/** What the tokens of an event are made from. */
export function tokenKey(eventId: string): NoiseKey {
  const bytes = Buffer.from(eventId);
  return quickKey(bytes, 0, bytes.length);
}

/** The event's token of that number, counted from 1 in the order of the document. */
export function issueToken({ bytes, places }: TokenForm, key: NoiseKey, count: number): string {
  const noise = new Noise();
  noise.start(key, count);
  individualise(bytes, 0, { places, noise });
  return bytes.toString('latin1');
}
