import * as z from 'zod';
import { parseDurationMs } from '../delivery/time-scale.ts';
import { readSource } from '../fixture/load.ts';
import { validate } from '../json/validate.ts';
import { API_VERSIONS } from '../persona/contract.ts';
import {
  INQUIRY_STATUSES,
  INQUIRY_OPERATIONS,
  type InquiryOperation,
} from '../persona/inquiry-operations.ts';
import { webhookSchema } from '../persona/webhook.ts';
import type { Files } from '../ports.ts';
import { DECISIONS } from './settings.ts';
import { VERIFICATION_KINDS } from './state/verification-kinds.ts';

const id = (prefix: string) =>
  z.string().regex(new RegExp(`^${prefix}_\\w+$`), { error: `an id that starts with ${prefix}_` });
const fields = z.record(z.string(), z.json());
const duration = z
  .string()
  .refine((text) => parseDurationMs(text) !== undefined, { error: 'a duration such as 2s, 5m or 1.5h' });

const cell = z.union([z.literal('allow'), z.literal(409), z.literal(422)]);
const transitions = z.partialRecord(
  z.enum(INQUIRY_OPERATIONS as [InquiryOperation, ...InquiryOperation[]]),
  z.partialRecord(z.enum(INQUIRY_STATUSES), cell),
);

/** A seed file: what the sandbox holds at the start, and again after `reset`. */
export const seedSchema = z.strictObject({
  $schema: z.string().optional(),
  /** The only key that is accepted. @default every sandbox key */
  key: z.string().min(1).optional(),
  /** Of requests without `Persona-Version`. */
  apiVersion: z.enum(API_VERSIONS).optional(),
  templates: z
    .array(
      z.strictObject({
        id: id('itmpl'),
        name: z.string().optional(),
        versionId: id('itmplv').optional(),
        /** Ids of its verification templates, and what each asks for. */
        verificationTemplates: z.record(id('vtmpl'), z.enum(VERIFICATION_KINDS)).optional(),
      }),
    )
    .optional(),
  accounts: z
    .array(
      z.strictObject({
        id: id('act').optional(),
        referenceId: z.string().optional(),
        fields: fields.optional(),
      }),
    )
    .optional(),
  inquiries: z
    .array(
      z.strictObject({
        id: id('inq').optional(),
        templateId: id('itmpl').optional(),
        referenceId: z.string().optional(),
        accountId: id('act').optional(),
        redirectUri: z.url().optional(),
        fields: fields.optional(),
        tags: z.array(z.string()).optional(),
        status: z.enum(INQUIRY_STATUSES).optional(),
      }),
    )
    .optional(),
  decide: z.enum(DECISIONS).optional(),
  decideAfter: duration.optional(),
  rules: z
    .array(
      z.strictObject({
        when: z.strictObject({
          fields: z.record(z.string(), z.string()).optional(),
          referenceId: z.string().optional(),
          templateId: z.string().optional(),
        }),
        then: z.enum(DECISIONS),
      }),
    )
    .optional(),
  /** Persona's attribute names; enabled unless they say otherwise. */
  webhooks: z.array(webhookSchema.extend({ id: id('wbh').optional() })).optional(),
  /** Cells of the table of operations and states: allowed, or refused with a status. */
  transitions: transitions.optional(),
});

export type Seed = z.output<typeof seedSchema>;
/** @throws {ContentError | FileError} with the place of the first fault */
export async function loadSeed(path: string, files: Files): Promise<Seed> {
  const { node } = await readSource(path, files);
  return validate(seedSchema, node, path);
}
