import { stringAt, type JsonNode } from '../json/node.ts';
import type { Random } from '../ports.ts';
import { FAMILIES, familyOf, type Check } from './check.ts';

export const DEFAULT_REFERENCE_TEMPLATE = '{uuid}';

/** Whom and what an event is about: all that a receiver may want to know beforehand. */
export interface Subject {
  readonly eventName: string;
  readonly objectType: string;
  readonly objectId: string;
  /** Of the person, where the event names one: receivers may keep their state under it. */
  readonly referenceId?: string | undefined;
  /** Of the person's account, where the event names one. */
  readonly accountId?: string | undefined;
}

/** Reads the subject of an event as it was built, before inflection and blocklist. */
export function subjectOf(eventName: string, document: JsonNode): Subject {
  const object = ['data', 'attributes', 'payload', 'data'];
  const textAt = (...path: string[]) => stringAt(document, ...object, ...path);
  const objectType = textAt('type') ?? '';
  const objectId = textAt('id') ?? '';
  return {
    ...{ eventName, objectType, objectId },
    referenceId: textAt('attributes', 'reference-id'),
    accountId: objectType === 'account' ? objectId : textAt('relationships', 'account', 'data', 'id'),
  };
}

/** Fills `{uuid}` and `{n}`; a text without either is the reference-id of all persons. */
export function referenceIdFrom(template: string, person: { readonly random: Random; readonly n: number }) {
  return template.replaceAll('{uuid}', () => uuidFrom(person.random)).replaceAll('{n}', String(person.n));
}

/** A number of their own for the persons of a check, the same in each run: SIG-04 has 204001, 204002, … */
export function personNumbers(checkId: Check['id'] | undefined): () => number {
  const family = checkId === undefined ? -1 : Object.keys(FAMILIES).indexOf(familyOf({ id: checkId }));
  const number = Number(checkId?.split('-')[1] ?? 0);
  let last = ((family + 1) * 100 + number) * 1_000;
  return () => (last += 1);
}

/** Version 4, from the run's own chance. */
function uuidFrom(random: Random): string {
  const digits = Array.from({ length: 32 }, () => random.below(16).toString(16));
  digits[12] = '4';
  digits[16] = '89ab'.charAt(random.below(4));
  return dashed(digits.join(''));
}

/** The form of a UUID. @param digits - 32 */
export function dashed(digits: string): string {
  return [0, 8, 12, 16, 20].map((start, index, starts) => digits.slice(start, starts[index + 1])).join('-');
}
