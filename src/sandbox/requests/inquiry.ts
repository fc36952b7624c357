import * as z from 'zod';
import { PERSON_FIELDS } from '../../persona/api.ts';
import { wholeSeconds } from './seconds.ts';

const seconds = wholeSeconds(1).nullish();
const text = z.string().nullish();

/** OPENAPI create-an-inquiry: these are texts or null; a template may have others of any type. */
const FIELD_NAMES = [...PERSON_FIELDS, 'address-country-code'];
const fields = z
  .looseObject(Object.fromEntries(FIELD_NAMES.map((name) => [name, z.string().nullish()])))
  .nullish();

/** What belongs to an inquiry or a report gets an account of its own. */
export const accountMeta = {
  'auto-create-account': z.boolean().optional(),
  'auto-create-account-type-id': z.string().optional(),
  'auto-create-account-reference-id': z.string().optional(),
};

export const createInquirySchema = z.strictObject({
  data: z.strictObject({
    attributes: z.strictObject({
      'template-id': text,
      'inquiry-template-id': text,
      'inquiry-template-version-id': text,
      'reference-id': text,
      'account-id': text,
      'creator-email-address': text,
      'theme-id': text,
      'theme-set-id': text,
      'redirect-uri': text,
      note: text,
      fields,
      tags: z.array(z.string()).optional(),
      'initial-step-name': text,
    }),
  }),
  meta: z
    .strictObject({
      ...accountMeta,
      'auto-create-inquiry-session': z.boolean().optional(),
      'auto-create-one-time-link': z.boolean().optional(),
      'expiration-after-create-interval-seconds': seconds,
      'expiration-after-start-interval-seconds': seconds,
      'expiration-after-resume-interval-seconds': seconds,
      'one-time-link-expiration-seconds': seconds,
    })
    .optional(),
});
export type CreateInquiry = z.output<typeof createInquirySchema>;

export const updateInquirySchema = z.strictObject({
  data: z
    .strictObject({
      attributes: z
        .strictObject({
          note: text,
          fields,
          tags: z.array(z.string()).optional(),
          'redirect-uri': text,
        })
        .optional(),
    })
    .optional(),
});

export const commentSchema = z.strictObject({
  meta: z.strictObject({ comment: z.string().optional() }).optional(),
});

export const emptySchema = z.strictObject({});

export const linkSchema = z.strictObject({
  meta: z.strictObject({ 'expires-in-seconds': wholeSeconds(1).optional() }).optional(),
});

export const tagSchema = z.strictObject({
  meta: z.strictObject({ 'tag-name': z.string().optional(), 'tag-id': z.string().optional() }).optional(),
});

const tagLists = z.strictObject({
  'tag-name': z.array(z.string()).optional(),
  'tag-id': z.array(z.string()).optional(),
});
export const tagsSchema = z.strictObject({ meta: tagLists.optional() });
/** OPENAPI accounts-set-all-tags: there it is required. */
export const accountTagsSchema = z.strictObject({ meta: tagLists });

export const SIMPLE_ACTIONS = [
  'start_inquiry',
  'complete_inquiry',
  'fail_inquiry',
  'expire_inquiry',
  'mark_for_review_inquiry',
  'approve_inquiry',
  'decline_inquiry',
] as const;
export const VERIFICATION_ACTIONS = ['create_passed_verification', 'create_failed_verification'] as const;

export const simulateSchema = z.strictObject({
  meta: z.strictObject({
    'simulate-actions': z.array(
      z.discriminatedUnion('type', [
        z.strictObject({ type: z.enum(SIMPLE_ACTIONS) }),
        z.strictObject({
          type: z.enum(VERIFICATION_ACTIONS),
          data: z.strictObject({ 'verification-template-id': z.string() }),
        }),
      ]),
    ),
  }),
});
export type SimulateAction = z.output<typeof simulateSchema>['meta']['simulate-actions'][number];

export const createSessionSchema = z.strictObject({
  data: z.strictObject({ attributes: z.strictObject({ 'inquiry-id': z.string() }) }),
});

export const expireSessionsSchema = z.strictObject({
  meta: z.strictObject({ 'inquiry-ids': z.array(z.string()) }),
});
