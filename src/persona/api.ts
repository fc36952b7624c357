/** Persona's REST API: the numbers and words that the sandbox answers with. Sources as in contract.ts. */

/** OPENAPI components/responses: the titles of each status, the usual one first. */
export const ERROR_TITLES = {
  400: 'Bad Request',
  401: 'Must be authenticated to access this endpoint',
  403: 'Forbidden',
  404: 'Record not found',
  409: 'Conflict',
  422: 'Unprocessable entity',
  429: 'Rate limit exceeded',
  500: 'Internal server error', // UNDOCUMENTED
  501: 'Not implemented', // Ours: Persona answers with none.
  503: 'Service unavailable',
} as const;
export type ErrorStatus = keyof typeof ERROR_TITLES;
export const TOKEN_INVALID_TITLE = 'Token is invalid';
export const NOT_UNIQUE_TITLE = 'Record not unique';
export const RECORD_INVALID_TITLE = 'Record invalid';

/** OPENAPI headers rate-limit-*: requests per window of a minute. */
export const RATE_LIMIT = 300;
export const RATE_WINDOW_SECONDS = 60;

/** DOCS idempotency: status and body are kept for a day. POST only. */
export const IDEMPOTENCY_SECONDS = 86_400;

/** OPENAPI pagination-query-params. */
export const PAGE_SIZE = 10;
export const PAGE_SIZE_MAX = 100;

/** OPENAPI include-query-parameter: what was included unasked before 2025-10-27. */
export const INCLUDED_UNASKED_UNTIL = '2023-01-05';
export const INCLUDED_UNASKED = ['reports', 'verifications', 'sessions', 'documents', 'template'] as const;

/** OPENAPI schema default-fields: what is asked of a person, beside the country. */
export const PERSON_FIELDS = [
  ...['birthdate', 'name-first', 'name-middle', 'name-last', 'phone-number', 'email-address'],
  ...['address-street-1', 'address-street-2', 'address-city', 'address-subdivision', 'address-postal-code'],
] as const;

/** DOCS api-keys. */
export const SANDBOX_KEY = /^persona_sandbox_\S+$/;
export const PRODUCTION_KEY = /^persona_production_/;

export const API_HOSTS = ['api.withpersona.com', 'withpersona.com'] as const;
export const API_PATH = '/api/v1';
