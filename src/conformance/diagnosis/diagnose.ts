import { SIGNATURE_HEADER } from '../../persona/contract.ts';
import type { Exchange } from '../../ports.ts';
import type { CheckContext, Deviation } from '../context.ts';
import { createContext, type SuiteContext } from '../create-context.ts';
import {
  REQUEST_EXPECTATIONS,
  signatureExpectations,
  type SignatureExpectation,
  type SignedHeader,
} from './expectations.ts';
import { isAccepted } from '../kit/expect.ts';
import { explainOtherSuccess, explainRefusal, explainSilence } from './refusals.ts';

/** Where receivers look for the signature by mistake. */
const OTHER_NAMES: readonly string[] = [
  'X-Persona-Signature',
  'Persona-Webhook-Signature',
  'X-Persona-Webhook-Signature',
  'Webhook-Signature',
  'X-Webhook-Signature',
  'X-Signature',
  'X-Signature-256',
  'X-Hub-Signature-256',
  'Signature',
];

/** Headers that Persona does not have: its timestamp is the signature's `t`. */
const TIMESTAMP_NAMES: readonly string[] = [
  'Persona-Timestamp',
  'X-Persona-Timestamp',
  'Persona-Webhook-Timestamp',
  'Webhook-Timestamp',
  'X-Webhook-Timestamp',
  'X-Timestamp',
];

/**
 * Says in one sentence why a receiver refuses genuine events, by sending them in every known wrong form until
 * one is accepted. Undefined when genuine events are accepted.
 */
export async function diagnose(suiteContext: SuiteContext): Promise<string | undefined> {
  const context = createContext(suiteContext, []);
  const genuine = await sendFresh(context);
  if (isAccepted(genuine, context) || genuine.kind === 'cancelled') return undefined;
  const plain = explainSilence(genuine, suiteContext.url) ?? explainOtherSuccess(genuine);
  if (plain !== undefined) return plain;
  // Early: a hundred refusals later a rate limit may answer in the receiver's place.
  const forged = await sendFresh(context, (body) => ({
    signature: context.sign(body, { secrets: [suiteContext.foreignSecret] }),
  }));
  const expected = (await findRequest(context)) ?? (await findSignature(context, suiteContext));
  if (expected === undefined) return explainRefusal({ genuine, forged }, suiteContext);
  if (isAccepted(await sendFresh(context), context))
    return 'your receiver refused a genuine event and accepted the same kind of event a moment later';
  return `your receiver expects ${expected}`;
}

/**
 * A space that no parser keeps, so that bytes and re-serialised object differ in any case: else the mistake of
 * signing the one could not be told from that of signing the other.
 */
async function freshBody(context: CheckContext): Promise<Buffer> {
  const { body } = await context.sample();
  return Buffer.from(body.toString('latin1').replace(':', ' : '), 'latin1');
}

async function sendFresh(
  context: CheckContext,
  deviate: (body: Buffer) => Deviation = () => ({}),
): Promise<Exchange> {
  const body = await freshBody(context);
  return context.send(body, { label: 'diagnosis', ...deviate(body) });
}

async function findRequest(context: CheckContext): Promise<string | undefined> {
  for (const { text, deviation } of REQUEST_EXPECTATIONS) {
    const exchange = await sendFresh(context, () => deviation(context));
    if (isAccepted(exchange, context)) return text;
  }
  return undefined;
}

/** Each value goes into all headers at once; only when one is accepted it is asked which header it was. */
async function findSignature(context: CheckContext, suiteContext: SuiteContext): Promise<string | undefined> {
  for (const expectation of signatureExpectations(suiteContext)) {
    const everywhere = { names: [SIGNATURE_HEADER, ...OTHER_NAMES], timestampNames: TIMESTAMP_NAMES };
    const exchange = await sendSignature(context, expectation, everywhere);
    if (exchange === undefined) continue;
    // It went down, or the user has had enough: nothing more can be learnt.
    if (exchange.kind !== 'response') return undefined;
    if (isAccepted(exchange, context)) return expectation.text + (await findPlace(context, expectation));
  }
  return undefined;
}

interface Place {
  readonly names: readonly string[];
  readonly timestampNames: readonly string[];
}

async function sendSignature(
  context: CheckContext,
  expectation: SignatureExpectation,
  place: Place,
): Promise<Exchange | undefined> {
  const body = await freshBody(context);
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

/** Completes the sentence where the signature is expected in another place than Persona's header. */
async function findPlace(context: CheckContext, expectation: SignatureExpectation): Promise<string> {
  for (const timestampName of [undefined, ...TIMESTAMP_NAMES]) {
    for (const name of [SIGNATURE_HEADER, ...OTHER_NAMES]) {
      const place = { names: [name], timestampNames: timestampName === undefined ? [] : [timestampName] };
      const exchange = await sendSignature(context, expectation, place);
      if (exchange !== undefined && isAccepted(exchange, context)) return describePlace(name, timestampName);
    }
  }
  return '';
}

function describePlace(name: string, timestampName: string | undefined): string {
  const parts = [];
  if (name !== SIGNATURE_HEADER) parts.push(` in the header ${name} (Persona's is ${SIGNATURE_HEADER})`);
  if (timestampName !== undefined)
    parts.push(
      ` with the timestamp in the header ${timestampName} (Persona's is \`t\` in ${SIGNATURE_HEADER})`,
    );
  return parts.join(' and');
}
