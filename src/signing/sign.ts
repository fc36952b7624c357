import { inspect } from 'node:util';
import { SECRET_FORM, SECRET_PREFIX } from '../persona/contract.ts';
import { HmacKey } from './hmac.ts';

/** A webhook secret. Prints as `[secret]` everywhere; only `reveal()` gives the text. */
export class Secret {
  /** Made once: the key of every signature with this secret. */
  readonly key: HmacKey;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
    this.key = new HmacKey(text);
  }

  reveal(): string {
    return this.#text;
  }

  /** What looks odd about the text, without the text; undefined when it has Persona's form. */
  get oddity(): string | undefined {
    const text = this.#text;
    if (SECRET_FORM.test(text)) return undefined;
    if (text.trim() !== text) return 'has white space around it (copied with a line break?)';
    if (/^["'].*["']$/.test(text)) return 'has quotes around it';
    if (!text.startsWith(SECRET_PREFIX))
      return `does not start with ${SECRET_PREFIX}, which is part of the key`;
    return `is not ${SECRET_PREFIX} and a UUID, as Persona's secrets are`;
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }

  [inspect.custom](): string {
    return '[secret]';
  }
}

/** A secret that may end at a certain time: during a rotation the old one does. */
export interface SigningSecret {
  readonly secret: Secret;
  /** Milliseconds since 1970; absent: does not end. */
  readonly expiresAtMs?: number;
}

/**
 * Signs when no secret is given, here and in `listen`, so that a first try needs no set-up. Public by design:
 * it protects nothing.
 */
export const DEVELOPMENT_SECRET = 'wbhsec_00000000-dead-4000-8000-00000000beef';

export function hasDevelopmentSecret(secrets: readonly SigningSecret[]): boolean {
  return secrets.some(({ secret }) => secret.reveal() === DEVELOPMENT_SECRET);
}

/**
 * The secrets that sign at a given time, the newest first: the one that does not end, then by the end's date.
 * Secrets without dates keep the order in which they were given.
 */
export function secretsAt(secrets: readonly SigningSecret[], nowMs: number): Secret[] {
  const endOf = ({ expiresAtMs }: SigningSecret) => expiresAtMs ?? Number.POSITIVE_INFINITY;
  return secrets
    .filter((candidate) => endOf(candidate) > nowMs)
    .toSorted((a, b) => (endOf(a) === endOf(b) ? 0 : endOf(b) - endOf(a)))
    .map(({ secret }) => secret);
}

/**
 * The value of `Persona-Signature`: one set `t=…,v1=…` for each secret, separated by one space.
 * Each `v1` is the lower-case hex HMAC-SHA256 over `<t>.<body>`, keyed with the whole secret string.
 * Source: Persona, Webhook Best Practices, checking signatures.
 * @param secrets - the newest first, as during a rotation
 * @param timestampSeconds - when the request is sent, unix seconds
 * @example sign(body, [new Secret('wbhsec_…')], 1764686826) // 't=1764686826,v1=db10…'
 */
export function sign(body: Uint8Array, secrets: readonly Secret[], timestampSeconds: number): string {
  const t = String(timestampSeconds);
  let value = '';
  for (const secret of secrets)
    value += `${value === '' ? '' : ' '}t=${t},v1=${secret.key.hex(`${t}.`, body)}`;
  return value;
}

const LABEL = 'hookcast fingerprint';

const NOTHING = new Uint8Array();

const DIGITS = 32;

/**
 * Names a secret without telling it: an HMAC of a fixed text under the secret, 128 bits in hex. Who has the secret
 * recognises it; who has not can at best try secrets one by one.
 */
export function fingerprintOf({ key }: Secret): string {
  return key.hex(LABEL, NOTHING).slice(0, DIGITS);
}
