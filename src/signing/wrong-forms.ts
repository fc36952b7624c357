import { member, toValue } from '../json/node.ts';
import { jsonIn } from '../json/text.ts';
import { RESPELLED_FORMS } from './respelled-forms.ts';
import { WRONG_DIGESTS } from './wrong-digests.ts';
import { overBody, type WrongForm } from './wrong-form.ts';
import { WRONG_KEYS, WRONG_KEYS_BODY_ALONE } from './wrong-keys.ts';
import { CHANGED_BODIES, WRONG_TEXTS } from './wrong-texts.ts';

export { describeForms } from './respelled-forms.ts';
export type { SigningInput, WrongForm } from './wrong-form.ts';

const DATA_ONLY: WrongForm = {
  id: 'data-only',
  description: 'of the `data` member alone instead of the whole body',
  compute: overBody(({ body }) => dataOf(body)),
};

/** The mistakes seen in public receivers and senders; of several that fit, the first is the likeliest. */
export const WRONG_FORMS: readonly WrongForm[] = [
  ...WRONG_TEXTS.slice(0, 1),
  ...RESPELLED_FORMS,
  DATA_ONLY,
  ...WRONG_TEXTS.slice(1),
  ...CHANGED_BODIES,
  ...WRONG_KEYS,
  ...WRONG_DIGESTS,
  ...WRONG_KEYS_BODY_ALONE,
];

/** @throws {Error} for an id that is not in the list */
export function wrongForm(id: string): WrongForm {
  const form = WRONG_FORMS.find((candidate) => candidate.id === id);
  if (form === undefined) throw new Error(`no wrong form is called ${id}`);
  return form;
}

function dataOf(body: Buffer): string | undefined {
  const data = member(jsonIn(body), 'data');
  return data === undefined ? undefined : JSON.stringify(toValue(data));
}
