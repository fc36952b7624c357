import { createHmac } from 'node:crypto';
import { SECRET_PREFIX } from '../persona/contract.ts';

/** What a signature is made from, as seen by one who gets it wrong. */
export interface SigningInput {
  readonly body: Buffer;
  /** The whole secret string. */
  readonly secret: string;
  /** As written in the header. */
  readonly t: string;
}

/** A known mistake: how it computes `v1`, and how to say so. */
export interface WrongForm {
  readonly id: string;
  /** Completes "this is an HMAC …" and "your receiver expects an HMAC …". */
  readonly description: string;
  /** Completes "your receiver expects …" where it is no HMAC at all. */
  readonly expects?: string;
  /** Undefined where the mistake makes no difference or cannot be made with this input. */
  compute(input: SigningInput): string | undefined;
}

/** Sample code of other providers has it, and some of it went live. */
const PLACEHOLDER_SECRET = 'whsec_test';

const hmac = (key: string | Buffer, ...parts: (string | Buffer)[]) => {
  const computation = createHmac('sha256', key);
  for (const part of parts) computation.update(part);
  return computation;
};

const overText =
  (text: (input: SigningInput) => string | Buffer | undefined) =>
  (input: SigningInput): string | undefined => {
    const signed = text(input);
    return signed === undefined ? undefined : hmac(input.secret, signed).digest('hex');
  };

/** The mistakes seen in public receivers and senders, the commonest first. */
export const WRONG_FORMS: readonly WrongForm[] = [
  {
    id: 'body-alone',
    description: 'of the body without the timestamp (the signed text is `<t>.<body>`)',
    compute: overText(({ body }) => body),
  },
  {
    id: 're-serialised',
    description:
      'of the body after JSON.parse and JSON.stringify (verify the bytes that arrived, before parsing)',
    compute: overText(({ body, t }) =>
      prefixed(
        t,
        reserialised(body, (value) => value),
      ),
    ),
  },
  {
    id: 're-serialised-alone',
    description: 'of the re-serialised body, and without the timestamp',
    compute: overText(({ body }) => reserialised(body, (value) => value)),
  },
  {
    id: 'pretty',
    description: 'of the body with indentation added (a pretty-printed copy is not what was sent)',
    compute: overText(({ body, t }) =>
      prefixed(
        t,
        reserialised(body, (value) => value, 2),
      ),
    ),
  },
  {
    id: 'sorted-keys',
    description: 'of the body with its keys sorted',
    compute: overText(({ body, t }) => prefixed(t, reserialised(body, sortKeys))),
  },
  {
    id: 'data-only',
    description: 'of the `data` member alone instead of the whole body',
    compute: overText(({ body, t }) => prefixed(t, reserialised(body, dataOf))),
  },
  {
    id: 'trailing-newline',
    description: 'of the body with a line break at its end (an editor or `echo` added or lost one)',
    compute: overText(({ body, t }) => {
      const text = body.toString('latin1');
      return Buffer.from(`${t}.${text.endsWith('\n') ? text.replace(/\r?\n$/, '') : `${text}\n`}`, 'latin1');
    }),
  },
  {
    id: 'latin1',
    description: 'of the body decoded as Latin-1 (the bytes are UTF-8)',
    compute: overText(({ body, t }) => prefixed(t, body.toString('latin1'))),
  },
  {
    id: 'no-separator',
    description: 'with nothing between timestamp and body (a dot belongs there)',
    compute: overText(({ body, t }) => Buffer.concat([Buffer.from(t), body])),
  },
  ...[':', ',', '|', '-', '_', '\n', ' '].map((separator): WrongForm => ({
    id: `separator-${String(separator.charCodeAt(0))}`,
    description: `with ${JSON.stringify(separator)} between timestamp and body (a dot belongs there)`,
    compute: overText(({ body, t }) => Buffer.concat([Buffer.from(t + separator), body])),
  })),
  {
    id: 'milliseconds',
    description: 'with the timestamp in milliseconds (`t` is in seconds)',
    compute: overText(({ body, t }) => prefixed(`${t}000`, body.toString('utf8'))),
  },
  {
    id: 'seconds',
    description:
      'with the timestamp in seconds although the header has it in milliseconds (`t` is in seconds)',
    compute: overText(({ body, t }) =>
      t.length < 12 ? undefined : prefixed(t.slice(0, -3), body.toString('utf8')),
    ),
  },
  {
    id: 'key-without-prefix',
    description: `keyed with the secret without its prefix ${SECRET_PREFIX} (the key is the whole string)`,
    compute: ({ body, secret, t }) =>
      withoutPrefix(secret, (rest) => hmac(rest, `${t}.`, body).digest('hex')),
  },
  {
    id: 'key-base64-decoded',
    description: 'keyed with the base64-decoded secret, as other providers do (the key is the string itself)',
    compute: ({ body, secret, t }) =>
      withoutPrefix(secret, (rest) => hmac(Buffer.from(rest, 'base64'), `${t}.`, body).digest('hex')),
  },
  {
    id: 'key-with-newline',
    description: 'keyed with the secret and a line break (read from a file without trimming?)',
    compute: ({ body, secret, t }) => hmac(`${secret}\n`, `${t}.`, body).digest('hex'),
  },
  ...['', 'undefined', 'null'].map((key): WrongForm => ({
    id: `key-${key === '' ? 'empty' : key}`,
    description: `keyed with ${key === '' ? 'an empty string' : `the word '${key}'`} (the secret is not set?)`,
    compute: ({ body, t }) => hmac(key, `${t}.`, body).digest('hex'),
  })),
  {
    id: 'key-placeholder',
    description: `keyed with the placeholder '${PLACEHOLDER_SECRET}' of sample code`,
    compute: ({ body, t }) => hmac(PLACEHOLDER_SECRET, `${t}.`, body).digest('hex'),
  },
  {
    id: 'base64',
    description: 'of the right text and key, but printed as base64 instead of hex',
    compute: ({ body, secret, t }) => hmac(secret, `${t}.`, body).digest('base64'),
  },
  {
    id: 'base64-alone',
    description: 'of the body without the timestamp, and printed as base64 instead of hex',
    compute: ({ body, secret }) => hmac(secret, body).digest('base64'),
  },
  {
    id: 'upper-case',
    description: 'of the right text and key, but in upper-case hex (Persona sends lower case)',
    compute: ({ body, secret, t }) => hmac(secret, `${t}.`, body).digest('hex').toUpperCase(),
  },
  {
    id: 'sha256-prefix',
    description: 'of the right text and key, but with `sha256=` in front',
    compute: ({ body, secret, t }) => `sha256=${hmac(secret, `${t}.`, body).digest('hex')}`,
  },
  ...['sha1', 'sha512', 'md5'].map((algorithm): WrongForm => ({
    id: algorithm,
    description: `made with ${algorithm.toUpperCase()} instead of SHA-256`,
    compute: ({ body, secret, t }) =>
      createHmac(algorithm, secret).update(`${t}.`).update(body).digest('hex'),
  })),
  {
    id: 'secret-itself',
    description: 'at all: it is the secret itself',
    expects: 'the secret itself instead of an HMAC',
    compute: ({ secret }) => secret,
  },
];

/** @throws {Error} for an id that is not in the list */
export function wrongForm(id: string): WrongForm {
  const form = WRONG_FORMS.find((candidate) => candidate.id === id);
  if (form === undefined) throw new Error(`no wrong form is called ${id}`);
  return form;
}

function prefixed(t: string, text: string | undefined): string | undefined {
  return text === undefined ? undefined : `${t}.${text}`;
}

function reserialised(
  body: Buffer,
  change: (value: unknown) => unknown,
  indent?: number,
): string | undefined {
  try {
    const changed = change(JSON.parse(body.toString('utf8')));
    return changed === undefined ? undefined : JSON.stringify(changed, null, indent);
  } catch {
    return undefined; // Not JSON: this mistake cannot be made with it.
  }
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, child]) => [key, sortKeys(child)]),
  );
}

function dataOf(value: unknown): unknown {
  return value !== null && typeof value === 'object' && 'data' in value ? value.data : undefined;
}

function withoutPrefix(secret: string, compute: (rest: string) => string): string | undefined {
  return secret.startsWith(SECRET_PREFIX) ? compute(secret.slice(SECRET_PREFIX.length)) : undefined;
}
