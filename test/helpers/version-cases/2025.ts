import type { JsonValue } from '../../../src/json/node.ts';
import { accountAttributes } from '../../../src/payload/versions/2025-10-27-account-attributes.ts';
import { inquiryAttributes } from '../../../src/payload/versions/2025-10-27-inquiry-attributes.ts';
import { registryEntityType } from '../../../src/payload/versions/2025-10-27-registry-entity-type.ts';
import { runHistory } from '../../../src/payload/versions/2025-12-08-run-history.ts';
import { resource, text, type VersionCase } from './version-case.ts';

export const CASES_2025: readonly VersionCase[] = [
  {
    name: 'run-history stands at the end, empty',
    change: runHistory,
    before: resource('report/watchlist', { status: 'ready', 'ignore-list': [] }),
    after: resource('report/watchlist', { status: 'ready', 'ignore-list': [], 'run-history': [] }),
  },
  {
    name: 'other reports have no run-history',
    change: runHistory,
    before: resource('report/adverse-media', { status: 'ready' }),
    after: resource('report/adverse-media', { status: 'ready' }),
  },
  {
    name: 'an account has its person after fields, and its numbers after tags',
    change: accountAttributes,
    before: resource('account', {
      'updated-at': '2024-05-06T14:02:12.000Z',
      fields: accountFields(),
      tags: [],
    }),
    after: resource('account', {
      'updated-at': '2024-05-06T14:02:12.000Z',
      fields: accountFields(),
      'name-first': 'JO',
      'name-middle': null,
      'name-last': 'SAMPLE',
      'phone-number': null,
      'email-address': 'jo@sample.test',
      'address-street-1': '600 CALIFORNIA STREET',
      'address-street-2': null,
      'address-city': null,
      'address-subdivision': 'CA',
      'address-postal-code': null,
      'country-code': 'US',
      birthdate: null,
      'social-security-number': null,
      tags: [],
      'identification-numbers': {
        dl: [idNumber('dl', 'I1234562'), idNumber('dl', 'I7654321')],
        pp: [idNumber('pp', 'P1')],
      },
    }),
  },
  {
    name: 'an account that has its person already keeps it',
    change: accountAttributes,
    before: resource('account', {
      fields: {},
      ...accountPerson('JO'),
      tags: [],
      'identification-numbers': {},
    }),
    after: resource('account', {
      fields: {},
      ...accountPerson('JO'),
      tags: [],
      'identification-numbers': {},
    }),
  },
  {
    name: 'an inquiry has its person before fields',
    change: inquiryAttributes,
    before: resource('inquiry', { status: 'completed', fields: inquiryFields('CA', 'US', '94109') }),
    after: resource('inquiry', {
      status: 'completed',
      ...inquiryPerson({ subdivision: ['California', 'CA'], postalCode: ['94109', '94109'] }),
      fields: inquiryFields('CA', 'US', '94109'),
    }),
  },
  {
    name: 'an inquiry knows US states by name and code, and the short form of a ZIP code',
    change: inquiryAttributes,
    before: resource('inquiry', { fields: inquiryFields('California', 'US', '94109-0000') }),
    after: resource('inquiry', {
      ...inquiryPerson({ subdivision: ['California', 'CA'], postalCode: ['94109-0000', '94109'] }),
      fields: inquiryFields('California', 'US', '94109-0000'),
    }),
  },
  {
    name: 'an inquiry leaves subdivisions of other countries as they are',
    change: inquiryAttributes,
    before: resource('inquiry', { fields: inquiryFields('WA', 'AU', '6000') }),
    after: resource('inquiry', {
      ...inquiryPerson({ subdivision: ['WA', 'WA'], postalCode: ['6000', '6000'] }),
      fields: inquiryFields('WA', 'AU', '6000'),
    }),
  },
  {
    name: 'registry records repeat the legal form',
    change: registryEntityType,
    before: resource('report/business-registrations-lookup', {
      result: { 'legal-entity-type': 'llc', 'registry-records': [{ type: 'a' }, { type: 'b' }] },
    }),
    after: resource('report/business-registrations-lookup', {
      result: {
        'legal-entity-type': 'llc',
        'registry-records': [
          { type: 'a', 'legal-entity-type': 'llc' },
          { type: 'b', 'legal-entity-type': 'llc' },
        ],
      },
    }),
  },
  {
    name: 'a report without a result stays as it is',
    change: registryEntityType,
    before: resource('report/business-registrations-lookup', { result: null }),
    after: resource('report/business-registrations-lookup', { result: null }),
  },
];

function accountFields(): JsonValue {
  return {
    name: { type: 'hash', value: { first: text('JO'), middle: text(null), last: text('SAMPLE') } },
    address: {
      type: 'hash',
      value: {
        street_1: text('600 CALIFORNIA STREET'),
        subdivision: text('CA'),
        city: text(null),
        country_code: text('US'),
      },
    },
    identification_numbers: {
      type: 'array',
      value: [idField('dl', 'I1234562'), idField('pp', 'P1'), idField('dl', 'I7654321'), idField(null, 'X')],
    },
    email_address: text('jo@sample.test'),
  };
}

function idField(idClass: string | null, number: string): JsonValue {
  return {
    type: 'hash',
    value: {
      identification_class: text(idClass),
      identification_number: text(number),
      issuing_country: text('US'),
    },
  };
}

function idNumber(idClass: string, number: string): JsonValue {
  return {
    'issuing-country': 'US',
    'identification-class': idClass,
    'identification-number': number,
    'created-at': '2024-05-06T14:02:12.000Z',
    'updated-at': '2024-05-06T14:02:12.000Z',
  };
}

/** All personal attributes of an account, as a recorded body has them, each with the same value. */
function accountPerson(value: string): Record<string, JsonValue> {
  const keys =
    'name-first name-middle name-last phone-number email-address address-street-1 address-street-2 address-city ' +
    'address-subdivision address-postal-code country-code birthdate social-security-number';
  return Object.fromEntries(keys.split(' ').map((key) => [key, value]));
}

function inquiryFields(subdivision: string, country: string, postalCode: string): JsonValue {
  return {
    'name-first': text('JO'),
    'address-subdivision': text(subdivision),
    'address-postal-code': text(postalCode),
    'address-country-code': text(country),
    'identification-number': text('N1'),
  };
}

function inquiryPerson(address: {
  subdivision: readonly [string, string];
  postalCode: readonly [string, string];
}): Record<string, JsonValue> {
  return {
    'name-first': 'JO',
    'name-middle': null,
    'name-last': null,
    birthdate: null,
    'address-street-1': null,
    'address-street-2': null,
    'address-city': null,
    'address-subdivision': address.subdivision[0],
    'address-subdivision-abbr': address.subdivision[1],
    'address-postal-code': address.postalCode[0],
    'address-postal-code-abbr': address.postalCode[1],
    'social-security-number': null,
    'identification-number': 'N1',
    'email-address': null,
    'phone-number': null,
  };
}
