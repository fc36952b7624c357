import { SIGNATURE_HEADER } from '../../persona/contract.ts';
import type { CheckContext } from '../check.ts';
import type { SuiteContext } from '../create-context.ts';
import { isAccepted, statusOf } from '../kit/expect.ts';
import {
  describeExpectations,
  groupedByValue,
  signatureExpectations,
  type SignatureExpectation,
} from './expectations.ts';
import { tellingBody, freshBody, sendSignature, type BodySource } from './find-request.ts';

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

const EVERYWHERE = { names: [SIGNATURE_HEADER, ...OTHER_NAMES], timestampNames: TIMESTAMP_NAMES };

/** A slow receiver is not asked for longer than that. */
const LIMIT_MS = 20_000;

export interface SignatureFinding {
  /** Completes "your receiver expects …"; undefined when nothing was accepted. */
  readonly expected?: string | undefined;
  /** What was accepted. */
  readonly expectation?: SignatureExpectation;
  /** The receiver limits the rate: what was not tried may have fitted. */
  readonly isLimited?: boolean;
}

/** Each value goes into all headers at once; only when one is accepted it is asked which header it was. */
export async function findSignature(
  context: CheckContext,
  suite: SuiteContext,
  bodySource = freshBody,
): Promise<SignatureFinding> {
  const input = { body: await bodySource(context), nowSeconds: context.nowSeconds() };
  const endMs = context.clock.now() + LIMIT_MS;
  for (const group of groupedByValue(signatureExpectations(suite), input)) {
    const [expectation] = group;
    if (expectation === undefined || context.clock.now() > endMs) break;
    const exchange = await sendSignature(context, { expectation, place: EVERYWHERE, bodySource });
    // It went down, or the user has had enough: nothing more can be learnt.
    if (exchange?.kind !== 'response') return {};
    if (statusOf(exchange) === 429) return { isLimited: true };
    if (isAccepted(exchange, context)) return describeFound(context, { group, expectation, bodySource });
  }
  return {};
}

interface Found {
  readonly group: readonly SignatureExpectation[];
  readonly expectation: SignatureExpectation;
  readonly bodySource: BodySource;
}

async function describeFound(
  context: CheckContext,
  { group, expectation, bodySource }: Found,
): Promise<SignatureFinding> {
  const place = await findPlace(context, expectation, bodySource);
  const told = await toldApart(context, group);
  return { expected: describeExpectations(told) + place, expectation: told[0] ?? expectation };
}

/** Of expectations that the usual event does not tell apart, those that a telling one does. */
async function toldApart(
  context: CheckContext,
  group: readonly SignatureExpectation[],
): Promise<readonly SignatureExpectation[]> {
  if (group.length < 2) return group;
  const input = { body: await tellingBody(context), nowSeconds: context.nowSeconds() };
  for (const subgroup of groupedByValue(group, input)) {
    const [expectation] = subgroup;
    if (expectation === undefined) continue;
    const exchange = await sendSignature(context, {
      ...{ expectation, place: EVERYWHERE, bodySource: tellingBody },
    });
    if (exchange !== undefined && isAccepted(exchange, context)) return subgroup;
  }
  return group;
}

/** Completes the sentence where the signature is expected in another place than Persona's header. */
async function findPlace(
  context: CheckContext,
  expectation: SignatureExpectation,
  bodySource: BodySource,
): Promise<string> {
  for (const timestampName of [undefined, ...TIMESTAMP_NAMES]) {
    for (const name of [SIGNATURE_HEADER, ...OTHER_NAMES]) {
      const place = { names: [name], timestampNames: timestampName === undefined ? [] : [timestampName] };
      const exchange = await sendSignature(context, { expectation, place, bodySource });
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
