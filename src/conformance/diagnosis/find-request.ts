import { at, member, object, withMember, type JsonMember, type JsonNode } from '../../json/node.ts';
import { parseJson } from '../../json/parse.ts';
import { serialise } from '../../json/serialise.ts';
import { composePayload, type PayloadConfiguration } from '../../payload/compose.ts';
import type { KeyInflection } from '../../persona/contract.ts';
import { BROWSER_HEADERS } from '../checks/ack-request.ts';
import type { CheckContext, Deviation, Sample } from '../check.ts';
import { isAccepted } from '../kit/expect.ts';
import { spaced } from './send.ts';
import { addMembers, FIELDS, rewritten } from '../kit/rewrite.ts';

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
