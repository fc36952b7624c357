import { createHmac } from 'node:crypto';

/** What a signature is made from, as seen by somebody who gets it wrong. */
export interface SigningInput {
  readonly body: Buffer;
  /** The whole secret string. */
  readonly secret: string;
  /** As written in the header. */
  readonly t: string;
  /** Where the request goes; absent where only the body is at hand. */
  readonly url?: URL | undefined;
}

/** A known mistake: how it computes `v1`, and how to say so. */
export interface WrongForm {
  readonly id: string;
  /** Completes "this is an HMAC …" and "your receiver expects an HMAC …". */
  readonly description: string;
  /** Completes "your receiver expects …" where it is not an HMAC at all. */
  readonly expects?: string;
  /** Undefined where the mistake makes no difference or cannot be made with this input. */
  compute(input: SigningInput): string | undefined;
}

export function hmac(key: string | Buffer, ...parts: (string | Buffer)[]): string {
  const computation = createHmac('sha256', key);
  for (const part of parts) computation.update(part);
  return computation.digest('hex');
}

/** The right key over a wrong text. */
export function overText(
  text: (input: SigningInput) => string | Buffer | undefined,
): (input: SigningInput) => string | undefined {
  return (input) => {
    const signed = text(input);
    return signed === undefined ? undefined : hmac(input.secret, signed);
  };
}

/** The right text with something else in the body's place. */
export function overBody(
  body: (input: SigningInput) => string | Buffer | undefined,
): (input: SigningInput) => string | undefined {
  return (input) => {
    const changed = body(input);
    return changed === undefined ? undefined : hmac(input.secret, `${input.t}.`, changed);
  };
}
