import * as z from 'zod';
import { API_VERSIONS, FILE_TOKEN_SECONDS_MAX, KEY_INFLECTIONS, MAX_SECRETS } from './contract.ts';
import { EVENT_NAMES } from './event-names.ts';

const secretSchema = z.object({
  value: z.string().min(1),
  'expires-at': z.iso
    .datetime({ offset: true })
    .nullish()
    .describe('Until when it also signs; null or absent: for good.'),
});

/** OPENAPI schema included-allowlist: at most one row per event type, `*` stands alone. */
const includedAllowlistSchema = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('include_none') }),
  z.strictObject({ state: z.literal('include_all') }),
  z.strictObject({
    state: z.literal('custom'),
    'event-types': z
      .array(
        z.strictObject({
          'event-type': z.string().min(1),
          relationships: z
            .array(z.string().min(1))
            .min(1)
            .meta({ anyOf: [{ maxItems: 1 }, { items: { not: { const: '*' } } }] })
            .refine((names) => names.length === 1 || !names.includes('*'), {
              error: `"*" alone, or names of relationships: Persona refuses the two together`,
            }),
        }),
      )
      .min(1)
      .max(200)
      .refine((rows) => new Set(rows.map((row) => row['event-type'])).size === rows.length, {
        error: 'each event type once: Persona refuses a second row for one',
      }),
  }),
]);
export type IncludedAllowlist = z.infer<typeof includedAllowlistSchema>;

/** OPENAPI schema relationship-allowlist; the API also returns `include_some`, which it does not describe yet. */
const relationshipAllowlistSchema = z.discriminatedUnion('state', [
  z.strictObject({ state: z.enum(['include_all', 'include_none']) }),
  z.strictObject({ state: z.literal('include_some'), relationships: z.array(z.string().min(1)) }),
]);
export type RelationshipAllowlist = z.infer<typeof relationshipAllowlistSchema>;

/** DOCS webhook-event-filters: `$or` is the only operator; the root is the payload. */
const payloadFilterSchema = z
  .strictObject({ data: z.json().optional(), included: z.json().optional() })
  .refine((filter) => oddOperator(filter) === undefined, {
    error: (issue) =>
      `"$or" with a list as the only operator (there is ${oddOperator(issue.input) ?? 'another'})`,
  });

/** The first `$…` key that is not `$or` with a list, if there is one. */
function oddOperator(value: unknown): string | undefined {
  if (value === null || typeof value !== 'object') return undefined;
  for (const [key, child] of Object.entries(value)) {
    const isOdd = key === '$or' ? !Array.isArray(child) || child.length === 0 : key.startsWith('$');
    const odd = isOdd ? key : oddOperator(child);
    if (odd !== undefined) return odd;
  }
  return undefined;
}

/**
 * A webhook with Persona's own attribute names (OPENAPI schemas webhook, webhook-with-secret and
 * webhook-request-attributes). All optional: a file may hold just what matters, and flags fill in the rest.
 */
export const webhookSchema = z.object({
  $schema: z.string().optional(),
  status: z
    .enum(['enabled', 'disabled', 'archived'])
    .optional()
    .describe('Only an enabled webhook gets events. Default: enabled.'),
  url: z.string().optional().describe('Your receiver; --to and the project file win over it.'),
  name: z.string().nullish(),
  description: z.string().nullish(),
  secret: z
    .string()
    .min(1)
    .nullish()
    .describe('Better left out of a file that is committed: set PERSONA_WEBHOOK_SECRET.'),
  secrets: z
    .array(secretSchema)
    .max(MAX_SECRETS)
    .optional()
    .describe('The new secret and the old one while they change; both sign.'),
  'api-version': z.enum(API_VERSIONS).optional().describe("The version of Persona's API that bodies follow."),
  'api-key-inflection': z.enum(KEY_INFLECTIONS).optional().describe('The convention of the keys in bodies.'),
  'api-attributes-blocklist': z
    .array(z.string())
    .optional()
    .describe('Attributes that bodies leave out, such as name-*; an entry that starts with ! keeps one.'),
  'included-allowlist': includedAllowlistSchema.nullish().describe('Which related objects bodies include.'),
  'relationship-allowlist': relationshipAllowlistSchema
    .nullish()
    .describe('Whether bodies carry the relationships of objects.'),
  'payload-filter': payloadFilterSchema
    .nullish()
    .describe('Only events whose payload has these values are sent; $or takes a list of alternatives.'),
  'custom-http-headers': z.record(z.string(), z.string()).nullish().describe('Sent with every request.'),
  'enabled-events': z
    .array(z.string().meta({ examples: [...EVENT_NAMES] }))
    .min(1)
    .optional()
    .describe('The events that this webhook gets, by name; * for all. Default: all.'),
  'file-access-token-expires-in': z
    .int()
    .min(1)
    .max(FILE_TOKEN_SECONDS_MAX)
    .optional()
    .describe("How many seconds the links to files in a body stay valid at Persona's."),
  'created-at': z.string().nullish(),
});

/** A webhook's attributes as Persona names them. */
export type WebhookAttributes = Omit<z.infer<typeof webhookSchema>, '$schema'>;

/** `$schema` is for editors, and not Persona's. */
export const WEBHOOK_ATTRIBUTES: readonly string[] = Object.keys(webhookSchema.shape).filter(
  (name) => name !== '$schema',
);
