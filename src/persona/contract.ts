/**
 * What Persona's webhooks look like on the wire: every number and name that the code relies on, each with its
 * source. DOCS: docs.withpersona.com as of 2026-02 and 2026-09. OVERVIEW: the Webhooks Overview page of 2022-09.
 * OPENAPI: Persona's OpenAPI description, state of 2026-08-21. UNDOCUMENTED: no source; our choice, configurable.
 */

/** OPENAPI parameters, DOCS quickstart. Node shows them in lower case; HTTP does not care. */
export const SIGNATURE_HEADER = 'Persona-Signature';

/** OPENAPI parameters, DOCS quickstart: counts this attempt, 1 on the first. */
export const ATTEMPTS_MADE_HEADER = 'Persona-Webhook-Attempts-Made';

/** OPENAPI parameters, DOCS quickstart: how many will follow if this one fails. */
export const ATTEMPTS_LEFT_HEADER = 'Persona-Webhook-Attempts-Left';

/** OPENAPI parameters, DOCS quickstart: unix seconds of the first attempt. */
export const FIRST_ATTEMPTED_AT_HEADER = 'Persona-Webhook-First-Attempted-At';

/** DOCS quickstart prints this value, although the overview speaks of JSON:API. */
export const CONTENT_TYPE = 'application/json; charset=utf-8';

/** UNDOCUMENTED: the quickstart elides the value. Neutral on purpose: we never claim to be Persona's client. */
export const DEFAULT_USER_AGENT = 'hookcast';

/** DOCS webhooks-best-practices, all samples: `wbhsec_` and a UUID-like rest; the prefix is part of the key. */
export const SECRET_PREFIX = 'wbhsec_';
export const SECRET_FORM = /^wbhsec_[0-9a-z]{8}-[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{12}$/;

/** DOCS webhooks-best-practices: two secrets are valid during a rotation, never more. */
export const MAX_SECRETS = 2;

/** OPENAPI enum of api-version, and 2021-05-14 from the changelog; oldest first. */
export const API_VERSIONS = [
  '2020-05-18',
  '2021-02-21',
  '2021-05-14',
  '2021-07-05',
  '2021-08-18',
  '2022-09-01',
  '2023-01-05',
  '2025-10-27',
  '2025-12-08',
] as const;
export type ApiVersion = (typeof API_VERSIONS)[number];

/** The version that the fixtures are written in. */
export const NEWEST_API_VERSION: ApiVersion = '2025-12-08';

/** DOCS api-key-inflection. */
export const KEY_INFLECTIONS = ['kebab', 'camel', 'snake'] as const;
export type KeyInflection = (typeof KEY_INFLECTIONS)[number];

/** DOCS downloading-files: six hours by default; changelog 2025-06-30: three days at most. */
export const FILE_TOKEN_SECONDS_DEFAULT = 21_600;
export const FILE_TOKEN_SECONDS_MAX = 259_200;

/** Ours: stands in the fixtures' file URLs until an event is composed. */
export const SAMPLE_ACCESS_TOKEN = 'sample';

/** DOCS webhook-event-filters, enabled events: the only wildcard is the whole list. */
export const ALL_EVENTS = '*';

/** Not Persona's: Persona documents no tolerance for the age of `t`; five minutes is what receivers choose. */
export const USUAL_TOLERANCE_SECONDS = 300;
