import { createHmac } from 'node:crypto';
import { parseJson } from '../../json/parse.ts';
import { serialise } from '../../json/serialise.ts';
import type { JsonNode } from '../../json/node.ts';
import {
  DOCUMENTED_LAYOUT,
  NEAR_LAYOUTS,
  WHOLE_HEADER_LAYOUTS,
  type HeaderLayout,
} from '../../signing/header-layouts.ts';
import { DEVELOPMENT_SECRET, Secret } from '../../signing/secret.ts';
import { WRONG_FORMS, type SigningInput, type WrongForm } from '../../signing/wrong-forms.ts';
import { BROWSER_HEADERS } from '../checks/ack-request.ts';
import type { CheckContext, Deviation } from '../context.ts';
import type { SuiteContext } from '../create-context.ts';

/** What a receiver may wrongly expect of the signature. */
export interface SignatureExpectation {
  /** Completes "your receiver expects …". */
  readonly text: string;
  /** The header's value, and the `t` that it is about. Undefined where it cannot be made. */
  readonly write: (input: { readonly body: Buffer; readonly nowSeconds: number }) => SignedHeader | undefined;
}

export interface SignedHeader {
  readonly t: string;
  readonly value: string;
}

/** What a receiver may wrongly expect of the rest of the request. */
interface RequestExpectation {
  readonly text: string;
  readonly deviation: (context: CheckContext) => Deviation;
}

export const REQUEST_EXPECTATIONS: readonly RequestExpectation[] = [
  {
    text: 'Content-Type: application/json, without a charset',
    deviation: () => ({ headers: { 'Content-Type': 'application/json' } }),
  },
  {
    text: 'the headers of a browser: CSRF or bot protection stands before it; exempt the route',
    deviation: ({ url }) => ({ headers: { ...BROWSER_HEADERS, Origin: url.origin, Referer: url.href } }),
  },
];

/** The likeliest first; each form in each layout that makes sense for it. */
export function signatureExpectations(
  suiteContext: Pick<SuiteContext, 'secret' | 'otherSecrets'>,
): SignatureExpectation[] {
  const secret = suiteContext.secret.reveal();
  const forms = [...WRONG_FORMS, ...PARSED_FORMS];
  return [
    expectation({ form: RIGHT_FORM, layout: DOCUMENTED_LAYOUT, secret }),
    ...forms.map((form) => expectation({ form, layout: DOCUMENTED_LAYOUT, secret })),
    ...otherSecrets(suiteContext),
    {
      ...expectation({ form: RIGHT_FORM, layout: DOCUMENTED_LAYOUT, secret, unitsPerSecond: 1_000 }),
      text: IN_MS,
    },
    ...WHOLE_HEADER_LAYOUTS.flatMap((layout) =>
      [RIGHT_FORM, ...forms].map((form) => expectation({ form, layout, secret })),
    ),
    ...NEAR_LAYOUTS.map((layout) => expectation({ form: RIGHT_FORM, layout, secret })),
  ];
}

const NOT_IN_A_HEADER = /[^\t\x20-\x7e\x80-\xff]/;

const IN_MS = 't in milliseconds (Persona sends seconds)';

const RIGHT_FORM: WrongForm = {
  id: 'right',
  description: 'of `<t>.<body>`',
  expects: 'the signature',
  compute: ({ body, secret, t }) => createHmac('sha256', secret).update(`${t}.`).update(body).digest('hex'),
};

/** Parsers of other languages than JavaScript keep the spelling of numbers. */
const PARSED_FORMS: readonly WrongForm[] = [
  parsedForm('compact', 'parsed and printed again without white space', serialise),
  parsedForm('spaced', "parsed and printed again as Python's json.dumps does", spaced),
].flat();

function parsedForm(id: string, how: string, print: (node: JsonNode) => string): WrongForm[] {
  const bytes = (body: Buffer) => print(parseJson(body.toString('utf8')));
  const advice = 'verify the bytes that arrived, before parsing';
  return [
    {
      id: `parsed-${id}`,
      description: `of the body ${how} (${advice})`,
      compute: ({ body, secret, t }) => RIGHT_FORM.compute({ body: Buffer.from(bytes(body)), secret, t }),
    },
    {
      id: `parsed-${id}-alone`,
      description: `of the body ${how}, and without the timestamp (${advice})`,
      compute: ({ body, secret }) => createHmac('sha256', secret).update(bytes(body)).digest('hex'),
    },
  ];
}

function spaced(node: JsonNode): string {
  switch (node.kind) {
    case 'scalar':
      return node.text;
    case 'array':
      return `[${node.items.map(spaced).join(', ')}]`;
    case 'object':
      return `{${node.members.map(({ key, value }) => `${JSON.stringify(key)}: ${spaced(value)}`).join(', ')}}`;
  }
}

interface ExpectationOptions {
  readonly form: WrongForm;
  readonly layout: HeaderLayout;
  readonly secret: string;
  readonly unitsPerSecond?: number;
}

function expectation({ form, layout, secret, unitsPerSecond = 1 }: ExpectationOptions): SignatureExpectation {
  const what = form.expects ?? `an HMAC ${form.description}`;
  return {
    text: [what, layout.description].filter((part) => part !== '').join(', '),
    write: ({ body, nowSeconds }) => {
      const t = String(nowSeconds * unitsPerSecond);
      const input: SigningInput = { body, secret, t };
      const v1 = form.compute(input);
      if (v1 === undefined) return undefined;
      const value = layout.write({ t, v1 });
      // A secret with a line break in it, sent as it is.
      return NOT_IN_A_HEADER.test(value) ? undefined : { t, value };
    },
  };
}

function otherSecrets({
  secret,
  otherSecrets: others = [],
}: Pick<SuiteContext, 'secret' | 'otherSecrets'>): SignatureExpectation[] {
  const known = [
    ...others.map((other) => [other, "the webhook's other secret, not the current one"] as const),
    [new Secret(DEVELOPMENT_SECRET), 'the development secret of `listen`, not the one given here'] as const,
  ];
  return known
    .filter(([other]) => other.reveal() !== secret.reveal())
    .map(([other, text]) => ({
      ...expectation({ form: RIGHT_FORM, layout: DOCUMENTED_LAYOUT, secret: other.reveal() }),
      text,
    }));
}
