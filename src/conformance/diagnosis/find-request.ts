import { at, member, object, withMember, type JsonMember, type JsonNode } from '../../json/node.ts';
import { parseJson, serialise } from '../../json/text.ts';
import { composePayload, type PayloadConfiguration } from '../../payload/compose.ts';
import { SIGNATURE_HEADER, type KeyInflection } from '../../persona/contract.ts';
import { BROWSER_HEADERS } from '../checks/ack-request.ts';
import type { CheckContext, Deviation, Sample } from '../check.ts';
import { isAccepted } from '../kit/expect.ts';
import { addMembers, FIELDS, rewritten } from '../kit/rewrite.ts';
import type { Exchange } from '../../ports.ts';
import type { SignatureExpectation, SignedHeader } from './expectations.ts';

/** What a receiver may wrongly expect of the request beside its signature. */
interface RequestExpectation {
  /** Completes "your receiver expects …". */
  readonly text: string;
  readonly deviation?: (context: CheckContext) => Deviation;
  /** Undefined where it makes no difference. */
  readonly body?: (sample: Sample, context: CheckContext) => Buffer | undefined;
}

const INFLECTIONS = ['kebab', 'camel', 'snake'] as const;

const REQUEST_EXPECTATIONS: readonly RequestExpectation[] = [
  {
    text: 'Content-Type: application/json, without a charset',
    deviation: () => ({ headers: { 'Content-Type': 'application/json' } }),
  },
  {
    text: 'the headers of a browser: CSRF or bot protection stands before it; exempt the route',
    deviation: ({ url }) => ({ headers: { ...BROWSER_HEADERS, Origin: url.origin, Referer: url.href } }),
  },
  ...INFLECTIONS.map((inflection) => ({
    text: `keys in ${inflection} case: read them as the webhook is configured, or describe it with \`webhook\` (api-key-inflection: ${inflection})`,
    body: ({ event }: Sample, { payload }: CheckContext) => reinflected(event, payload, inflection),
  })),
  {
    text: 'the inquiry at the root of the body: in an event it stands at data.attributes.payload.data',
    body: ({ document }) => objectAtRoot(document),
  },
];

/** Completes "your receiver expects …" where the request, not the signature, is refused. */
export async function findRequest(context: CheckContext): Promise<string | undefined> {
  for (const { text, deviation, body } of REQUEST_EXPECTATIONS) {
    const sample = await context.sample();
    const changed = body === undefined ? sample.body : body(sample, context);
    if (changed === undefined) continue;
    const exchange = await context.send(spaced(changed), { label: 'diagnosis', ...deviation?.(context) });
    if (isAccepted(exchange, context)) return text;
  }
  return undefined;
}

function objectAtRoot(document: JsonNode): Buffer | undefined {
  const payload = at(document, 'data', 'attributes', 'payload');
  const data = member(payload, 'data');
  return data === undefined ? undefined : Buffer.from(serialise(withMember(object([]), 'data', data)));
}

function reinflected(
  event: Sample['event'],
  payload: PayloadConfiguration,
  inflection: KeyInflection,
): Buffer | undefined {
  if (payload.inflection.inflection === inflection) return undefined;
  return composePayload(event, { ...payload, inflection: { ...payload.inflection, inflection } }).body;
}

/** An event that every library prints in a way of its own: fields of the user's own may hold such values. */
export async function tellingBody(context: CheckContext): Promise<Buffer> {
  const sample = await context.sample();
  const { body } = rewritten(sample, (document) => addMembers(document, FIELDS, TELLING_FIELDS));
  return spaced(body);
}

const TELLING_FIELDS = membersOf(
  parseJson(`{
    "zeta": {"type": "string", "value": "é/<b>&'+=\\u2028"},
    "alpha": {"type": "number", "value": 100.0},
    "beta": {"type": "number", "value": 1e2},
    "gamma": {"type": "number", "value": 12345678.5},
    "eta": {"type": "number", "value": 1e-7},
    "delta": {"type": "object", "value": {}},
    "epsilon": {"type": "string", "value": null}
  }`),
);

function membersOf(node: JsonNode): readonly JsonMember[] {
  return node.kind === 'object' ? node.members : [];
}

/** In which headers a signature and its timestamp are put. */
interface Place {
  readonly names: readonly string[];
  readonly timestampNames: readonly string[];
}

/** Makes the body of each attempt: every one is an event of its own. */
export type BodySource = (context: CheckContext) => Promise<Buffer>;

/**
 * A space that no parser keeps, so that bytes and re-serialised object differ in any case: else the mistake of
 * signing the one could not be distinguished from that of signing the other.
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

interface SignatureAttempt {
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
