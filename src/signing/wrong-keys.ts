import { SECRET_PREFIX } from '../persona/contract.ts';
import { hmac, type SigningInput, type WrongForm } from './wrong-form.ts';

/** Sample code of other providers has it, and some of it went live. */
const PLACEHOLDER_SECRET = 'whsec_test';

/** A secret that lost or gained something on its way into the receiver. */
interface WrongKey extends Pick<WrongForm, 'id' | 'description'> {
  /** Undefined where the mistake makes no difference or cannot be made with this secret. */
  readonly keyOf: (secret: string) => string | Buffer | undefined;
}

const KEYS: readonly WrongKey[] = [
  {
    id: 'key-without-prefix',
    description: `keyed with the secret without its prefix ${SECRET_PREFIX} (the key is the whole string)`,
    keyOf: (secret) => restOf(secret),
  },
  {
    id: 'key-base64-decoded',
    description: 'keyed with the base64-decoded secret, as other providers do (the key is the string itself)',
    keyOf: (secret) => fromRest(secret, (rest) => Buffer.from(rest, 'base64')),
  },
  {
    id: 'key-quoted',
    description: 'keyed with the secret and quotes around it (a Docker env file keeps quotes as they are)',
    keyOf: (secret) => `"${secret}"`,
  },
  {
    id: 'key-single-quoted',
    description: 'keyed with the secret and single quotes around it (an env file kept them)',
    keyOf: (secret) => `'${secret}'`,
  },
  {
    id: 'key-with-newline',
    description: 'keyed with the secret and a line break (read from a file without trimming?)',
    keyOf: (secret) => `${secret}\n`,
  },
  {
    id: 'key-with-crlf',
    description: 'keyed with the secret and a Windows line break (read from a file without trimming?)',
    keyOf: (secret) => `${secret}\r\n`,
  },
  {
    id: 'key-with-space',
    description: 'keyed with the secret and a space after it (copied with it?)',
    keyOf: (secret) => `${secret} `,
  },
  {
    id: 'key-trimmed',
    description: 'keyed with the secret without the white space around it that was given here',
    keyOf: (secret) => different(secret, secret.trim()),
  },
  {
    id: 'key-unquoted',
    description: 'keyed with the secret without the quotes around it that were given here',
    keyOf: (secret) => different(secret, secret.trim().replace(/^(["'])(.*)\1$/, '$2')),
  },
  {
    id: 'key-prefixed',
    description: `keyed with the secret and ${SECRET_PREFIX} in front, which was left out here`,
    keyOf: (secret) => (secret.startsWith(SECRET_PREFIX) ? undefined : SECRET_PREFIX + secret),
  },
  {
    id: 'key-hex',
    description:
      'keyed with the UUID alone and without its dashes (the key is the whole string, prefix and dashes included)',
    keyOf: (secret) => fromRest(secret, (rest) => different(rest, withoutDashes(rest))),
  },
  {
    id: 'key-without-dashes',
    description: 'keyed with the secret without its dashes (the key is the whole string)',
    keyOf: (secret) => different(secret, withoutDashes(secret)),
  },
  {
    id: 'key-hex-decoded',
    description: 'keyed with the 16 bytes of the UUID (the key is the string itself)',
    keyOf: (secret) =>
      fromRest(secret, (rest) =>
        /^[0-9a-f-]{36}$/i.test(rest) ? Buffer.from(withoutDashes(rest), 'hex') : undefined,
      ),
  },
  {
    id: 'key-upper-case',
    description: 'keyed with the secret in upper case (the key is the string as it is)',
    keyOf: (secret) => different(secret, secret.toUpperCase()),
  },
  ...['', 'undefined', 'null', 'None', 'nil'].map((key): WrongKey => ({
    id: `key-${key === '' ? 'empty' : key}`,
    description: `keyed with ${key === '' ? 'an empty string' : `the word '${key}'`} (the secret is not set?)`,
    keyOf: () => key,
  })),
  {
    id: 'key-placeholder',
    description: `keyed with the placeholder '${PLACEHOLDER_SECRET}' of sample code`,
    keyOf: () => PLACEHOLDER_SECRET,
  },
];

/** The right text with a wrong key. */
export const WRONG_KEYS: readonly WrongForm[] = KEYS.map(({ id, description, keyOf }) => ({
  id,
  description,
  compute: keyedWith(keyOf, ({ body, t }) => [`${t}.`, body]),
}));

/** A wrong key, and the timestamp left out as well: two common mistakes at once. */
export const WRONG_KEYS_BODY_ALONE: readonly WrongForm[] = KEYS.map(({ id, description, keyOf }) => ({
  id: `${id}-body-alone`,
  description: `${description}, and of the body without the timestamp`,
  compute: keyedWith(keyOf, ({ body }) => [body]),
}));

function keyedWith(
  keyOf: WrongKey['keyOf'],
  parts: (input: SigningInput) => (string | Buffer)[],
): WrongForm['compute'] {
  return (input) => {
    const key = keyOf(input.secret);
    return key === undefined ? undefined : hmac(key, ...parts(input));
  };
}

function restOf(secret: string): string | undefined {
  return secret.startsWith(SECRET_PREFIX) ? secret.slice(SECRET_PREFIX.length) : undefined;
}

function fromRest<T>(secret: string, change: (rest: string) => T): T | undefined {
  const rest = restOf(secret);
  return rest === undefined ? undefined : change(rest);
}

function withoutDashes(text: string): string {
  return text.replaceAll('-', '');
}

/** A mistake that changes nothing is none. */
function different(given: string, changed: string): string | undefined {
  return given === changed ? undefined : changed;
}
