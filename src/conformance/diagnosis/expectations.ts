import { describeForms, WRONG_FORMS, type WrongForm } from '../../signing/wrong-forms.ts';
import {
  DOCUMENTED_LAYOUT,
  NEAR_LAYOUTS,
  WHOLE_HEADER_LAYOUTS,
  type HeaderLayout,
} from '../../signing/header-layouts.ts';
import { DEVELOPMENT_SECRET, Secret } from '../../signing/sign.ts';
import { hmac } from '../../signing/wrong-form.ts';
import type { SuiteContext } from '../create-context.ts';

/** What a receiver may wrongly expect of the signature. */
export interface SignatureExpectation {
  /** Completes "your receiver expects …". */
  readonly text: string;
  /** The header's value, and the `t` that it is about. Undefined where it cannot be made. */
  readonly write: (input: { readonly body: Buffer; readonly nowSeconds: number }) => SignedHeader | undefined;
  /** Absent where it is not about a form. */
  readonly form?: WrongForm;
  readonly layout: HeaderLayout;
}

export interface SignedHeader {
  readonly t: string;
  readonly value: string;
}

type Receiver = Pick<SuiteContext, 'secret' | 'otherSecrets' | 'url'>;

const RIGHT_FORM: WrongForm = {
  id: 'right',
  description: 'of `<t>.<body>`',
  expects: 'the signature',
  compute: ({ body, secret, t }) => hmac(secret, `${t}.`, body),
};

/** With the whole header as the digest, by habit of other providers: only what is common. */
const COMMON_IDS = ['body-alone', 're-serialised', 're-serialised-alone', 'base64', 'base64-alone'];
const MORE_COMMON_IDS = [...COMMON_IDS, 'printed-by-python', 'printed-by-python-alone', 'secret-itself'];

/** What Persona sends. */
export function rightExpectation(receiver: Receiver): SignatureExpectation {
  return expectation({ form: RIGHT_FORM, layout: DOCUMENTED_LAYOUT, receiver });
}

/** The likeliest first; each form in each layout that makes sense for it. */
export function signatureExpectations(receiver: Receiver): SignatureExpectation[] {
  const common = WRONG_FORMS.filter(({ id }) => MORE_COMMON_IDS.includes(id));
  const make = (form: WrongForm, layout: HeaderLayout) => expectation({ form, layout, receiver });
  return [
    rightExpectation(receiver),
    ...WRONG_FORMS.map((form) => make(form, DOCUMENTED_LAYOUT)),
    ...otherSecrets(receiver),
    inMilliseconds(receiver),
    ...WHOLE_HEADER_LAYOUTS.flatMap((layout) => [RIGHT_FORM, ...common].map((form) => make(form, layout))),
    ...NEAR_LAYOUTS.map((layout) => make(RIGHT_FORM, layout)),
  ];
}

/** Expectations that give the same value, so that one request tries them all. */
export function groupedByValue(
  expectations: readonly SignatureExpectation[],
  input: { readonly body: Buffer; readonly nowSeconds: number },
): SignatureExpectation[][] {
  const groups = new Map<string, SignatureExpectation[]>();
  for (const expectation of expectations) {
    const header = expectation.write(input);
    if (header === undefined) continue;
    const key = `${header.t} ${header.value}`;
    groups.set(key, [...(groups.get(key) ?? []), expectation]);
  }
  return [...groups.values()];
}

/** Completes "your receiver expects …" for expectations that could not be distinguished. */
export function describeExpectations(group: readonly SignatureExpectation[]): string {
  const [first] = group;
  if (first === undefined) return '';
  if (first.form === undefined || first.form.expects !== undefined) return first.text;
  const forms = group.flatMap(({ form }) => (form === undefined ? [] : [form]));
  return joined(`an HMAC ${describeForms(forms)}`, first.layout);
}

const NOT_IN_A_HEADER = /[^\t\x20-\x7e\x80-\xff]/;

interface ExpectationOptions {
  readonly form: WrongForm;
  readonly layout: HeaderLayout;
  readonly receiver: Pick<Receiver, 'secret' | 'url'>;
  readonly unitsPerSecond?: number;
}

function expectation({
  form,
  layout,
  receiver: { secret, url },
  unitsPerSecond = 1,
}: ExpectationOptions): SignatureExpectation {
  return {
    text: joined(form.expects ?? `an HMAC ${form.description}`, layout),
    form,
    layout,
    write: ({ body, nowSeconds }) => {
      const t = String(nowSeconds * unitsPerSecond);
      const v1 = form.compute({ body, secret: secret.reveal(), t, url });
      if (v1 === undefined) return undefined;
      const value = layout.write({ t, v1 });
      // A secret with a line break in it, sent as it is.
      return NOT_IN_A_HEADER.test(value) ? undefined : { t, value };
    },
  };
}

function joined(what: string, { description }: HeaderLayout): string {
  return description === '' ? what : `${what}, ${description}`;
}

function inMilliseconds(receiver: Receiver): SignatureExpectation {
  const { write } = expectation({
    ...{ form: RIGHT_FORM, layout: DOCUMENTED_LAYOUT, receiver, unitsPerSecond: 1_000 },
  });
  return { text: 't in milliseconds (Persona sends seconds)', write, layout: DOCUMENTED_LAYOUT };
}

function otherSecrets({ secret, otherSecrets: others = [], url }: Receiver): SignatureExpectation[] {
  const known = [
    ...others.map((other) => [other, "the webhook's other secret, not the current one"] as const),
    [new Secret(DEVELOPMENT_SECRET), 'the development secret of `listen`, not the one given here'] as const,
  ];
  return known
    .filter(([other]) => other.reveal() !== secret.reveal())
    .map(([other, text]) => {
      const receiver = { secret: other, url };
      const { write } = expectation({ form: RIGHT_FORM, layout: DOCUMENTED_LAYOUT, receiver });
      return { text, write, layout: DOCUMENTED_LAYOUT };
    });
}
