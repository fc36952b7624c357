import * as z from 'zod';
import {
  ALL_EVENTS,
  API_VERSIONS,
  FILE_TOKEN_SECONDS_MAX,
  KEY_INFLECTIONS,
  MAX_SECRETS,
} from './contract.ts';

const secretSchema = z.object({
  value: z.string().min(1),
  'expires-at': z.iso.datetime({ offset: true }).nullish(),
});

const jsonObject = z.record(z.string(), z.unknown());

/**
 * A webhook with Persona's own attribute names (OPENAPI schemas webhook, webhook-with-secret and
 * webhook-request-attributes). All optional: a file may hold just what matters, and flags fill in the rest.
 */
export const webhookSchema = z.object({
  status: z.enum(['enabled', 'disabled', 'archived']).optional(),
  url: z.string().optional(),
  name: z.string().nullish(),
  description: z.string().nullish(),
  secret: z.string().min(1).nullish(),
  secrets: z.array(secretSchema).max(MAX_SECRETS).optional(),
  'api-version': z.enum(API_VERSIONS).optional(),
  'api-key-inflection': z.enum(KEY_INFLECTIONS).optional(),
  'api-attributes-blocklist': z.array(z.string()).optional(),
  'included-allowlist': jsonObject.nullish(),
  'relationship-allowlist': jsonObject.nullish(),
  'payload-filter': jsonObject.nullish(),
  'custom-http-headers': z.record(z.string(), z.string()).nullish(),
  'enabled-events': z.array(z.string()).min(1).optional(),
  'file-access-token-expires-in': z.int().min(1).max(FILE_TOKEN_SECONDS_MAX).optional(),
  'created-at': z.string().nullish(),
});

/** A webhook's attributes as Persona names them. */
export type WebhookAttributes = z.infer<typeof webhookSchema>;

export const WEBHOOK_ATTRIBUTES: readonly string[] = Object.keys(webhookSchema.shape);

/** DOCS: a list of names, or `*` for all. Left out (a local webhook), every event is enabled. */
export function isEnabled(eventName: string, enabledEvents: readonly string[] | undefined): boolean {
  return (
    enabledEvents === undefined || enabledEvents.includes(ALL_EVENTS) || enabledEvents.includes(eventName)
  );
}
