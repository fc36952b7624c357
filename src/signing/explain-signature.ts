import type { SignatureSet } from './parse-header.ts';
import { sign, type Secret } from './sign.ts';
import { describeForms, WRONG_FORMS, type WrongForm } from './wrong-forms.ts';

export interface ExplainInput {
  readonly body: Buffer;
  readonly sets: readonly SignatureSet[];
  readonly secrets: readonly Secret[];
  /** Secrets that should not have signed: an expired one, or one of another webhook. */
  readonly otherSecrets?: readonly Secret[] | undefined;
  /** Where the request went: some receivers and senders sign the path, too. */
  readonly url?: URL | undefined;
}

export interface SignatureExplanation {
  /** The id of the wrong form, `other-secret`, `not-a-digest`, or `unknown`. */
  readonly id: string;
  /** A sentence: "this is an HMAC of the body without the timestamp …". */
  readonly text: string;
}

/** Says what a signature that does not match was made from, by making it in every known wrong way. */
export function explainSignature(input: ExplainInput): SignatureExplanation {
  return byOtherSecret(input) ?? byWrongForm(input) ?? unknown(input);
}

function byOtherSecret({ body, sets, otherSecrets = [] }: ExplainInput): SignatureExplanation | undefined {
  const isMatch = otherSecrets.some((secret) =>
    sets.some(({ t, v1 }) => sign(body, [secret], Number(t)) === `t=${t},v1=${v1}`),
  );
  if (!isMatch) return undefined;
  return { id: 'other-secret', text: 'the signature is right, but made with the other secret of the pair' };
}

function byWrongForm(input: ExplainInput): SignatureExplanation | undefined {
  const { secrets, otherSecrets = [] } = input;
  for (const secret of [...secrets, ...otherSecrets]) {
    const [first, ...others] = WRONG_FORMS.filter((form) => isMatch(form, secret, input));
    if (first !== undefined)
      return { id: first.id, text: `this is an HMAC ${describeForms([first, ...others])}` };
  }
  return undefined;
}

function isMatch(form: WrongForm, secret: Secret, { body, sets, url }: ExplainInput): boolean {
  return sets.some(({ t, v1 }) => form.compute({ body, secret: secret.reveal(), t, url }) === v1);
}

function unknown({ sets }: ExplainInput): SignatureExplanation {
  const odd = sets.find(({ v1 }) => !/^[0-9a-f]{64}$/.test(v1));
  if (odd !== undefined) {
    const text = `v1 is not 64 lower-case hex digits but ${odd.v1.length} ${odd.v1.length === 1 ? 'character' : 'characters'}, so it cannot be an HMAC-SHA256`;
    return { id: 'not-a-digest', text };
  }
  return {
    id: 'unknown',
    text: 'it fits none of the known mistakes: another secret, another `t`, or the body was changed on its way',
  };
}
