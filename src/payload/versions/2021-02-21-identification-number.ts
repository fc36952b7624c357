import {
  changeAt,
  member,
  withMember,
  withoutMember,
  type JsonNode,
  type JsonObject,
  type JsonScalar,
} from '../../json/node.ts';
import { NULL, putBack, scalarAt, type VersionChange } from './version-change.ts';

const SOURCE = 'CHANGELOG 2021-02-21; OPENAPI 2020-05-18';

/** `identification-number` stays beside the two, as in OPENAPI 2020-05-18. */
export const verificationNumber: VersionChange = {
  version: '2021-02-21',
  types: ['verification/government-id'],
  description: 'The number of a government id is identification-number, whatever the class of the id.',
  source: `${SOURCE} verification-government-id`,
  downgrade: (attributes) =>
    putBack(attributes, numbersOf(attributes, scalarAt(attributes, 'id-class')), {
      after: 'from-reusable-persona',
    }),
};

/**
 * UNDOCUMENTED: the date. The changelog speaks of verifications only; OPENAPI has no folder between 2020-05-18, where
 * inquiries have the two attributes, and 2021-05-14, where they do not.
 */
export const inquiryNumber: VersionChange = {
  version: '2021-02-21',
  types: ['inquiry'],
  description: 'Inquiries have one identification-number, no longer one number per class of id.',
  source: `${SOURCE} inquiry: last attributes, and in fields instead of identification-number`,
  downgrade: (attributes) => {
    const idClass = scalarAt(attributes, 'fields', 'identification-class', 'value');
    const withNumbers = putBack(attributes, numbersOf(attributes, idClass));
    return changeAt(withNumbers, ['fields'], (fields) => perClass(fields, idClass));
  },
};

/** The field gives way to one per class; the number of any other class is left to the attribute. */
function perClass(fields: JsonObject, idClass: JsonScalar): JsonObject {
  const field = member(fields, 'identification-number');
  if (field?.kind !== 'object') return fields;
  const numbers = Object.entries(numbersOf(fields, idClass, 'value')).map(
    ([key, number]) => [key, withMember(field, 'value', number)] as const,
  );
  const both = putBack(fields, Object.fromEntries(numbers), { before: 'identification-number' });
  return withoutMember(both, 'identification-number');
}

/** DOCS: `dl` is a driver license, `pp` a passport. */
function numbersOf(
  node: JsonObject,
  idClass: JsonScalar,
  ...path: readonly string[]
): Record<string, JsonNode> {
  const number = scalarAt(node, 'identification-number', ...path);
  return {
    'driver-license-number': idClass.value === 'dl' ? number : NULL,
    'passport-number': idClass.value === 'pp' ? number : NULL,
  };
}
