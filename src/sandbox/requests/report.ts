import * as z from 'zod';
import { accountMeta } from './inquiry.ts';

/** OPENAPI create-a-report: what each type asks for, and what it may be told beside that. */
const ADDRESS =
  'address-street-1 address-street-2 address-city address-subdivision address-postal-code address-country-code';
const QUERIES = {
  'address-lookup': {
    needs: 'address-street-1 address-city address-subdivision address-postal-code address-country-code',
    may: 'addressee address-street-2',
  },
  'adverse-media': { needs: '', may: 'name-first name-middle name-last term birthdate country-code' },
  'business-adverse-media': { needs: 'term', may: '' },
  'business-lookup': {
    needs: 'business-name address-street-1 address-city address-subdivision address-postal-code',
    may: 'phone-number website ein address-street-2',
  },
  'business-watchlist': { needs: 'term', may: 'address-country-code' },
  'crypto-address-watchlist': { needs: 'crypto-address', may: '' },
  'email-address': { needs: 'email-address', may: '' },
  'phone-number': { needs: 'phone-number', may: '' },
  'politically-exposed-person': {
    needs: '',
    may: 'name-first name-middle name-last term birthdate country-code',
  },
  profile: {
    needs: '',
    may: `name-first name-last birthdate social-security-number ${ADDRESS.replace('address-country-code', 'country-code')} phone-number`,
  },
  'profile-non-authoritative': {
    needs: '',
    may: 'name-first name-last phone-number email-address address-city address-subdivision',
  },
  'social-media': {
    needs: '',
    may: `name-first name-last birthdate phone-number email-address ${ADDRESS.replace(/address-street-\d /g, '')}`,
  },
  synthetic: {
    needs: `name-first name-last birthdate ${ADDRESS.replace('address-street-2 ', '')}`,
    may: 'social-security-number identification-number address-street-2 phone-number email-address',
  },
  watchlist: { needs: '', may: 'name-first name-middle name-last term birthdate address-country-code' },
} as const;
export type ReportType = keyof typeof QUERIES;
export const REPORT_TYPES = Object.keys(QUERIES) as readonly ReportType[];

const text = z.string().nullish();

/** Those of one type that are not texts. */
const OTHERS: Readonly<Partial<Record<ReportType, z.ZodRawShape>>> = {
  'business-lookup': {
    'address-country-code': z.string().optional(),
    'associated-people': z
      .array(
        z.strictObject({
          ...{ 'name-full': text, 'name-first': text, 'name-last': text },
          titles: z.array(z.string().nullable()).optional(),
        }),
      )
      .optional(),
  },
};

function queryOf(type: ReportType) {
  const { needs, may } = QUERIES[type];
  const named = <S extends z.ZodType>(names: string, schema: S) =>
    Object.fromEntries(names.split(' ').flatMap((name) => (name === '' ? [] : [[name, schema] as const])));
  return z.strictObject({ ...named(needs, z.string()), ...named(may, text), ...OTHERS[type] });
}

function requestOf(type: ReportType) {
  const query = queryOf(type);
  const attributes = z.strictObject({
    'account-id': z.string().optional(),
    'reference-id': z.string().optional(),
    'report-template-id': z.string().optional(),
    query: type === 'profile' ? query.optional() : query,
  });
  return z.strictObject({
    type: z.literal(`report/${type}`),
    attributes: type === 'profile' ? attributes.optional() : attributes,
  });
}

const [first, ...others] = REPORT_TYPES.map(requestOf);

export const createReportSchema = z.strictObject({
  data: z.discriminatedUnion('type', [first as ReturnType<typeof requestOf>, ...others]),
  meta: z
    .strictObject({
      ...accountMeta,
      'processing-mode': z.string().optional(),
      'request-flags': z.array(z.string()).optional(),
    })
    .optional(),
});
