import { member, scalar, type JsonNode, type JsonScalar } from '../../json/node.ts';
import { usStateCode, usStateName } from './us-states.ts';
import { putBack, scalarAt, type VersionChange } from './version-change.ts';

/**
 * The personal data of an inquiry stood beside `fields` as well as in it. Names, order and position are those of
 * RECORDED: before `fields` (the examples of OPENAPI have them after it; Persona guarantees no order).
 */
export const inquiryAttributes: VersionChange = {
  version: '2025-10-27',
  types: ['inquiry'],
  description: 'Inquiries have personal data only in fields, no longer as attributes of their own.',
  source: 'OPENAPI 2023-01-05 and 2025-10-27 inquiry; RECORDED',
  downgrade: (attributes) =>
    putBack(attributes, personOf(member(attributes, 'fields')), { before: 'fields' }),
};

function personOf(fields: JsonNode | undefined): Record<string, JsonNode> {
  const field = (name: string) => scalarAt(fields, name, 'value');
  return {
    'name-first': field('name-first'),
    'name-middle': field('name-middle'),
    'name-last': field('name-last'),
    birthdate: field('birthdate'),
    'address-street-1': field('address-street-1'),
    'address-street-2': field('address-street-2'),
    'address-city': field('address-city'),
    'address-subdivision': subdivision(fields, usStateName),
    'address-subdivision-abbr': subdivision(fields, usStateCode),
    'address-postal-code': field('address-postal-code'),
    'address-postal-code-abbr': rewrite(field('address-postal-code'), fiveDigits),
    'social-security-number': field('social-security-number'),
    'identification-number': field('identification-number'),
    'email-address': field('email-address'),
    'phone-number': field('phone-number'),
  };
}

/**
 * RECORDED has the name and the code of a US state, whichever the field holds. UNDOCUMENTED outside the US:
 * both attributes then repeat the field.
 */
function subdivision(fields: JsonNode | undefined, spell: (state: string) => string): JsonScalar {
  const leaf = scalarAt(fields, 'address-subdivision', 'value');
  const country = scalarAt(fields, 'address-country-code', 'value').value;
  return country === 'US' ? rewrite(leaf, spell) : leaf;
}

/**
 * The long form of a ZIP code is cut to its five digits. RECORDED has `941090000` as the long form of a field that
 * holds `94109`; where the zeros come from is UNDOCUMENTED, so we repeat the field, as OPENAPI's examples do.
 */
function fiveDigits(code: string): string {
  return code.replace(/^(\d{5})-?\d{4}$/, '$1');
}

/** Leaves the scalar alone, spelling included, where nothing changes. */
function rewrite(leaf: JsonScalar, spell: (text: string) => string): JsonScalar {
  if (typeof leaf.value !== 'string') return leaf;
  const text = spell(leaf.value);
  return text === leaf.value ? leaf : scalar(text);
}
