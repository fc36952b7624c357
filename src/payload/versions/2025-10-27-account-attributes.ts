import {
  array,
  member,
  object,
  withMember,
  type JsonMember,
  type JsonNode,
  type JsonObject,
} from '../../json/node.ts';
import { itemsAt, putBack, scalarAt, type VersionChange } from './version-change.ts';

/**
 * The personal data of an account stood beside `fields` as well as in it. Names, order and positions are those of
 * RECORDED: after `fields`, the identification numbers after `tags`. Unlike the attributes of an inquiry, the
 * subdivision is as the field has it (`CA`), although OPENAPI speaks of the unabbreviated name.
 */
export const accountAttributes: VersionChange = {
  version: '2025-10-27',
  types: ['account'],
  description: 'Accounts have personal data only in fields, no longer as attributes of their own.',
  source: 'OPENAPI 2023-01-05 and 2025-10-27 account; RECORDED',
  downgrade: (attributes) => {
    const withPerson = putBack(attributes, personOf(member(attributes, 'fields')), { after: 'fields' });
    const numbers = { 'identification-numbers': numbersByClass(attributes) };
    return putBack(withPerson, numbers, { after: 'tags' });
  },
};

function personOf(fields: JsonNode | undefined): Record<string, JsonNode> {
  const field = (name: string) => scalarAt(fields, name, 'value');
  const part = (name: string, inner: string) => scalarAt(fields, name, 'value', inner, 'value');
  return {
    'name-first': part('name', 'first'),
    'name-middle': part('name', 'middle'),
    'name-last': part('name', 'last'),
    'phone-number': field('phone_number'),
    'email-address': field('email_address'),
    'address-street-1': part('address', 'street_1'),
    'address-street-2': part('address', 'street_2'),
    'address-city': part('address', 'city'),
    'address-subdivision': part('address', 'subdivision'),
    'address-postal-code': part('address', 'postal_code'),
    'country-code': part('address', 'country_code'),
    birthdate: field('birthdate'),
    'social-security-number': field('social_security_number'),
  };
}

/** `{ "dl": [ … ], "pp": [ … ] }`: the list of the field, grouped by class in the order of its entries. */
function numbersByClass(attributes: JsonObject): JsonObject {
  const numbers = itemsAt(attributes, 'fields', 'identification_numbers', 'value');
  return numbers.reduce<JsonObject>((groups, item) => {
    const { value: key } = scalarAt(item, 'value', 'identification_class', 'value');
    if (typeof key !== 'string') return groups;
    return withMember(groups, key, array([...itemsAt(groups, key), numberEntry(item, attributes)]));
  }, object([]));
}

/**
 * UNDOCUMENTED: when an entry was made is not in the field; we print the times of the account, so that the
 * entry stays within its life. An absent country is left out, since its type allows no null.
 */
function numberEntry(item: JsonNode, attributes: JsonObject): JsonObject {
  const part = (name: string) => scalarAt(item, 'value', name, 'value');
  const entries: readonly JsonMember[] = [
    { key: 'issuing-country', value: part('issuing_country') },
    { key: 'identification-class', value: part('identification_class') },
    { key: 'identification-number', value: part('identification_number') },
    { key: 'created-at', value: scalarAt(attributes, 'updated-at') },
    { key: 'updated-at', value: scalarAt(attributes, 'updated-at') },
  ];
  return object(entries.filter(({ value }) => value.kind === 'scalar' && value.value !== null));
}
