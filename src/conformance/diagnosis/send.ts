import { SIGNATURE_HEADER } from '../../persona/contract.ts';
import type { Exchange } from '../../ports.ts';
import type { CheckContext, Deviation } from '../check.ts';
import type { SignatureExpectation, SignedHeader } from './expectations.ts';

/** In which headers a signature and its timestamp are put. */
export interface Place {
  readonly names: readonly string[];
  readonly timestampNames: readonly string[];
}

/** Makes the body of each attempt: every one is an event of its own. */
export type BodySource = (context: CheckContext) => Promise<Buffer>;

/**
 * A space that no parser keeps, so that bytes and re-serialised object differ in any case: else the mistake of
 * signing the one could not be told from that of signing the other.
 */
export async function freshBody(context: CheckContext): Promise<Buffer> {
  const { body } = await context.sample();
  return spaced(body);
}

export function spaced(body: Buffer): Buffer {
  return Buffer.from(body.toString('latin1').replace(':', ' : '), 'latin1');
}

export async function sendFresh(
  context: CheckContext,
  deviate: (body: Buffer) => Deviation = () => ({}),
): Promise<Exchange> {
  const body = await freshBody(context);
  return context.send(body, { label: 'diagnosis', ...deviate(body) });
}

export interface SignatureAttempt {
  readonly expectation: SignatureExpectation;
  readonly place: Place;
  readonly bodySource: BodySource;
}

/** Undefined where the expectation cannot be made with this body. */
export async function sendSignature(
  context: CheckContext,
  { expectation, place, bodySource }: SignatureAttempt,
): Promise<Exchange | undefined> {
  const body = await bodySource(context);
  const header = expectation.write({ body, nowSeconds: context.nowSeconds() });
  if (header === undefined) return undefined;
  return context.send(body, { label: 'diagnosis', headers: headersFor(header, place) });
}

function headersFor({ t, value }: SignedHeader, { names, timestampNames }: Place) {
  return {
    [SIGNATURE_HEADER]: null,
    ...Object.fromEntries(names.map((name) => [name, value])),
    ...Object.fromEntries(timestampNames.map((name) => [name, t])),
  };
}
