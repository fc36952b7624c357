import { createHmac } from 'node:crypto';
import type { SigningInput, WrongForm } from './wrong-form.ts';

/** The right text and key with another algorithm, or printed in another way. */
export const WRONG_DIGESTS: readonly WrongForm[] = [
  {
    id: 'base64',
    description: 'of the right text and key, but printed as base64 instead of hex',
    compute: (input) => digest(input).toString('base64'),
  },
  {
    id: 'base64-alone',
    description: 'of the body without the timestamp, and printed as base64 instead of hex',
    compute: ({ body, secret }) => createHmac('sha256', secret).update(body).digest('base64'),
  },
  {
    id: 'base64url',
    description: 'of the right text and key, but printed as base64url instead of hex',
    compute: (input) => digest(input).toString('base64url'),
  },
  {
    id: 'upper-case',
    description: 'of the right text and key, but in upper-case hex (Persona sends lower case)',
    compute: (input) => digest(input).toString('hex').toUpperCase(),
  },
  {
    id: 'sha256-prefix',
    description: 'of the right text and key, but with `sha256=` in front',
    compute: (input) => `sha256=${digest(input).toString('hex')}`,
  },
  ...['sha1', 'sha512', 'md5'].map((algorithm): WrongForm => ({
    id: algorithm,
    description: `made with ${algorithm.toUpperCase()} instead of SHA-256`,
    compute: (input) => digest(input, algorithm).toString('hex'),
  })),
  {
    id: 'secret-itself',
    description: 'at all: it is the secret itself',
    expects: 'the secret itself instead of an HMAC',
    compute: ({ secret }) => secret,
  },
];

function digest({ body, secret, t }: SigningInput, algorithm = 'sha256'): Buffer {
  return createHmac(algorithm, secret).update(`${t}.`).update(body).digest();
}
