import type { JsonValue } from '../../../src/json/node.ts';
import {
  inquiryNumber,
  verificationNumber,
} from '../../../src/payload/versions/2021-02-21-identification-number.ts';
import { matchedLists } from '../../../src/payload/versions/2021-05-14-matched-lists.ts';
import { searchLists } from '../../../src/payload/versions/2021-05-14-search-lists.ts';
import { resource, pointer, text, type VersionCase } from './version-case.ts';

export const CASES_2021_02_TO_05: readonly VersionCase[] = [
  {
    name: 'matched lists go to the attribute of their kind',
    change: matchedLists,
    before: watchlist({
      'matched-lists': [list('eu', 'sanction'), list('fit', 'fitness_probity')],
      query: 1,
    }),
    after: watchlist({
      query: 1,
      'searched-lists': ['eu', 'fit'],
      'pep-list': [],
      'sanction-list': [{ slug: 'eu', entities: [{ name: 'JO' }] }],
      'fitness-probity-list': [{ slug: 'fit', entities: [{ name: 'JO' }] }],
      'warning-list': [],
    }),
  },
  {
    name: 'searched lists are those of the template',
    change: matchedLists,
    before: watchlist({ 'matched-lists': null }),
    after: watchlist({
      'searched-lists': ['eu', 'us'],
      'pep-list': null,
      'sanction-list': null,
      'fitness-probity-list': null,
      'warning-list': null,
    }),
    included: [
      {
        ...pointer('report-template/watchlist', 'rptp_1'),
        attributes: { 'search-lists': [{ slug: 'eu' }, { slug: 'us' }] },
      },
    ],
  },
  {
    name: 'templates of watchlist reports do not name their lists',
    change: searchLists,
    before: resource('report-template/watchlist', { name: 'Sample', 'search-lists': [] }),
    after: resource('report-template/watchlist', { name: 'Sample' }),
  },
  {
    name: 'a driver license has its number under its own name',
    change: verificationNumber,
    before: governmentId('dl', {}),
    after: governmentId('dl', { 'driver-license-number': 'N1', 'passport-number': null }),
  },
  {
    name: 'a passport has its number under its own name',
    change: verificationNumber,
    before: governmentId('pp', {}),
    after: governmentId('pp', { 'driver-license-number': null, 'passport-number': 'N1' }),
  },
  {
    name: 'an inquiry has one number per class, as attributes and in fields',
    change: inquiryNumber,
    before: resource('inquiry', {
      'identification-number': 'N1',
      fields: { 'identification-number': text('N1'), 'identification-class': text('pp') },
    }),
    after: resource('inquiry', {
      'identification-number': 'N1',
      fields: {
        'driver-license-number': text(null),
        'passport-number': text('N1'),
        'identification-class': text('pp'),
      },
      'driver-license-number': null,
      'passport-number': 'N1',
    }),
  },
];

function watchlist(attributes: JsonValue): JsonValue {
  return resource('report/watchlist', attributes, {
    'report-template': { data: pointer('report-template/watchlist', 'rptp_1') },
  });
}

function list(slug: string, kind: string): JsonValue {
  return { name: slug, 'list-type': kind, 'list-types': [kind], slug, entities: [{ name: 'JO' }] };
}

function governmentId(idClass: string, numbers: Record<string, JsonValue>): JsonValue {
  return resource('verification/government-id', {
    'id-class': idClass,
    'identification-number': 'N1',
    'from-reusable-persona': false,
    ...numbers,
    'address-city': null,
  });
}
