import * as z from 'zod';
import { PAGE_SIZE_MAX, PERSON_FIELDS } from '../../persona/api.ts';
import { API_VERSIONS, FILE_TOKEN_SECONDS_MAX, KEY_INFLECTIONS } from '../../persona/contract.ts';
import { isEventName } from '../../persona/event-names.ts';
import { webhookSchema } from '../../persona/webhook.ts';
import { wholeSeconds } from './seconds.ts';

const image = z.strictObject({
  data: z.strictObject({ data: z.string().optional(), filename: z.string().optional() }).optional(),
});

/** Attributes beside these are fields of the account type. */
const accountAttributes = z.looseObject({
  'account-type-id': z.string().optional(),
  'account-status': z.string().optional(),
  'reference-id': z.string().optional(),
  'selfie-photo': image.optional(),
  tags: z.array(z.string()).optional(),
  'country-code': z.string().optional(),
  'social-security-number': z.string().optional(),
  fields: z.record(z.string(), z.json()).optional(),
  ...Object.fromEntries(PERSON_FIELDS.map((name) => [name, z.string().optional()])),
});

export const createAccountSchema = z.strictObject({
  data: z.strictObject({ attributes: accountAttributes.optional() }).optional(),
  meta: z.strictObject({ 'upsert-by': z.string().nullish() }).optional(),
});

export const updateAccountSchema = z.strictObject({
  data: z.strictObject({ attributes: accountAttributes.optional() }).optional(),
});

export const consolidateSchema = z.strictObject({
  meta: z.strictObject({ 'source-account-ids': z.array(z.string()) }),
});

const eventName = z.string().refine((name) => name === '*' || isEventName(name), {
  error: (issue) => `must name events of Persona's list ("${String(issue.input)}" is not on it)`,
});

const notNull = (value: unknown) => value !== null;

const webhookAttributes = z.strictObject({
  name: z.string().optional(),
  description: z.string().nullish(),
  url: z.string(),
  'enabled-events': z.array(eventName).min(1),
  'api-version': z.enum(API_VERSIONS).optional(),
  'api-key-inflection': z.enum(KEY_INFLECTIONS).optional(),
  'api-attributes-blocklist': z.array(z.string()).optional(),
  'file-access-token-expires-in': z.int().min(1).max(FILE_TOKEN_SECONDS_MAX).optional(),
  'payload-filter': webhookSchema.shape['payload-filter'],
  'included-allowlist': webhookSchema.shape['included-allowlist'].refine(notNull, 'must be an object'),
  'relationship-allowlist': webhookSchema.shape['relationship-allowlist'].refine(
    notNull,
    'must be an object',
  ),
  'custom-http-headers': webhookSchema.shape['custom-http-headers'],
});

export const createWebhookSchema = z.strictObject({
  data: z.strictObject({ attributes: webhookAttributes }),
});

export const updateWebhookSchema = z.strictObject({
  data: z.strictObject({ attributes: webhookAttributes.partial().optional() }).optional(),
});

export const rotateSchema = z.strictObject({
  meta: z.strictObject({ 'expires-in-seconds': wholeSeconds(0).optional() }).optional(),
});

const page = z.strictObject({
  after: z.string().optional(),
  before: z.string().optional(),
  size: z.int().min(1).max(PAGE_SIZE_MAX).optional(),
});

const predicate = z.strictObject({
  attribute: z.string(),
  operator: z.string(),
  value: z.union([z.string(), z.number(), z.boolean()]),
});
export type Predicate = z.output<typeof predicate>;
export type Query =
  | { readonly and: readonly Query[] }
  | { readonly or: readonly Query[] }
  | { readonly not: Query }
  | Predicate;

const query: z.ZodType<Query> = z.lazy(() =>
  z.union([
    z.strictObject({ and: z.array(query) }),
    z.strictObject({ or: z.array(query) }),
    z.strictObject({ not: query }),
    predicate,
  ]),
);

export const searchSchema = z.strictObject({
  query: query.optional(),
  sort: z.strictObject({ attribute: z.string(), direction: z.enum(['asc', 'desc']) }).optional(),
  page: page.optional(),
});
