import type { JsonNode } from '../json/node.ts';
import { jsonIn } from '../json/text.ts';
import { JSON_PRINTERS, type JsonPrinter } from './json-spellings.ts';
import { overBody, overText, type SigningInput, type WrongForm } from './wrong-form.ts';

const ADVICE = 'verify the bytes that arrived, before parsing';

/** The body parsed and printed again, in place of the bytes that arrived. */
export interface RespelledForm extends WrongForm {
  readonly printer: JsonPrinter;
  /** Without the timestamp. */
  readonly isAlone: boolean;
}

/** Ids and words that are older than the list of printers. */
const SPECIAL: Readonly<Record<string, { readonly id: string; readonly words: string }>> = {
  javascript: { id: 're-serialised', words: 'of the body after JSON.parse and JSON.stringify' },
  'javascript-pretty': { id: 'pretty', words: 'of the body with indentation added' },
  'javascript-sorted': { id: 'sorted-keys', words: 'of the body with its keys sorted' },
};

export const RESPELLED_FORMS: readonly RespelledForm[] = JSON_PRINTERS.flatMap((printer) => {
  const { id, words } = SPECIAL[printer.id] ?? {
    id: `printed-by-${printer.id}`,
    words: `of the body parsed and printed again as ${printer.name} does`,
  };
  const print = ({ body }: SigningInput) => printedBy(printer, body);
  return [
    { id, printer, isAlone: false, description: `${words} (${ADVICE})`, compute: overBody(print) },
    {
      ...{ id: `${id}-alone`, printer, isAlone: true, compute: overText(print) },
      description: `${words}, and without the timestamp (${ADVICE})`,
    },
  ];
});

/** Completes "an HMAC …" for forms that give the same value, so that any of them may have been meant. */
export function describeForms(forms: readonly WrongForm[]): string {
  const [first] = forms;
  const respelled = forms.filter(isRespelled).filter((form) => form.isAlone === isAlone(first));
  if (first === undefined || !isRespelled(first) || respelled.length < 2) return first?.description ?? '';
  const libraries = [...new Set(respelled.map(({ printer }) => libraryOf(printer)))];
  if (libraries.length === 1) return first.description;
  const alone = first.isAlone ? ', and without the timestamp' : '';
  return `of the body parsed and printed again as ${listed(libraries.slice(0, LISTED))} does${alone} (${ADVICE})`;
}

/** A longer list does not help. */
const LISTED = 4;

/** Without the settings that follow its name. */
function libraryOf({ name }: JsonPrinter): string {
  return name.split(/ (?:with|after|of) /)[0] ?? name;
}

function isRespelled(form: WrongForm): form is RespelledForm {
  return 'printer' in form;
}

function isAlone(form: WrongForm | undefined): boolean {
  return form !== undefined && isRespelled(form) && form.isAlone;
}

/** `a, b or c` */
function listed(names: readonly string[]): string {
  return [names.slice(0, -1).join(', '), names.at(-1)].filter((part) => part !== '').join(' or ');
}

/** A body is printed in some thirty ways: it is parsed once. */
const parsed = new WeakMap<Buffer, { readonly node: JsonNode | undefined }>();

/** Undefined for what is not JSON: this mistake cannot be made with it. */
function printedBy({ print }: JsonPrinter, body: Buffer): string | undefined {
  const { node } = parsed.get(body) ?? parseOnce(body);
  return node === undefined ? undefined : print(node);
}

function parseOnce(body: Buffer): { readonly node: JsonNode | undefined } {
  const known = { node: jsonIn(body) };
  parsed.set(body, known);
  return known;
}
