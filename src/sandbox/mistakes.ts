/**
 * Mistakes that clients of Persona's API are known to make: what stands in the wrong place, by operation and path. The
 * sentence says where the thing really is.
 */
const MISPLACED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'create-an-inquiry': {
    'data.meta': '"meta" stands beside "data": {"data": {…}, "meta": {…}}',
    'data.type': 'the body is {"data": {"attributes": {…}}}, without a type',
    'data.attributes.auto-create-one-time-link':
      'it is a member of "meta", which stands beside "data": {"meta": {"auto-create-one-time-link": true}}',
    'data.attributes.auto-create-inquiry-session':
      'it is a member of "meta", which stands beside "data": {"meta": {"auto-create-inquiry-session": true}}',
    'data.attributes.auto-create-account': 'it is a member of "meta", which stands beside "data"',
    'data.attributes.callback-url':
      'an inquiry has no callback. Results arrive at a webhook (POST /webhooks); redirect-uri is where the browser goes',
    'data.attributes.webhook-url': 'an inquiry has no webhook of its own: POST /webhooks makes one for all',
    'data.attributes.redirect-url': 'the attribute is redirect-uri',
    'data.attributes.inquiry-type-id': 'the attribute is inquiry-template-id (itmpl_…)',
    ...fieldMistakes(),
  },
  'update-an-inquiry': {
    'data.attributes.status':
      'a status changes by an action: POST /inquiries/{id}/approve, /decline, /expire',
    'data.attributes.reference-id': 'it is set when the inquiry is created, and stays',
    ...fieldMistakes(),
  },
  'approve-an-inquiry': decisionMistakes(),
  'decline-an-inquiry': decisionMistakes(),
  'create-a-webhook': webhookMistakes(),
  'update-a-webhook': webhookMistakes(),
  'create-an-account': { 'data.type': 'the body is {"data": {"attributes": {…}}}, without a type' },
};

function fieldMistakes(): Record<string, string> {
  const names = ['name-first', 'name-middle', 'name-last', 'birthdate', 'email-address', 'phone-number'];
  return Object.fromEntries(
    names.map((name) => [
      `data.attributes.${name}`,
      `it is a field: {"data": {"attributes": {"fields": {"${name}": …}}}}`,
    ]),
  );
}

function decisionMistakes(): Record<string, string> {
  const sentence = 'the body is empty or {"meta": {"comment": "…"}}';
  return { data: sentence, comment: sentence, 'data.attributes': sentence };
}

function webhookMistakes(): Record<string, string> {
  return {
    'data.attributes.enabled':
      'a webhook has a status: it is created disabled, and POST /webhooks/{id}/enable turns it on',
    'data.attributes.status': 'POST /webhooks/{id}/enable, /disable and /archive change the status',
    'data.attributes.events': 'the attribute is enabled-events',
    'data.attributes.secret':
      'Persona makes the secret: read it from the answer, or POST /webhooks/{id}/rotate-secret',
  };
}

/** What is known of a member in the wrong place. */
export function misplaced(operation: string, path: string): string | undefined {
  const known = MISPLACED[operation] ?? {};
  // A member may be called `constructor`.
  return Object.hasOwn(known, path) ? known[path] : undefined;
}

/** Paths that do not exist, and what was meant. `{id}` stands for any id. */
const PATHS: readonly (readonly [pattern: RegExp, sentence: string])[] = [
  [
    /^\w+ \/inquiries\/[^/]+\/verifications$/,
    'the verifications of an inquiry are in its relationships: GET /inquiries/{id}?include=verifications',
  ],
  [
    /^\w+ \/inquiries\/[^/]+\/documents$/,
    'the documents of an inquiry are in its relationships: GET /inquiries/{id}?include=documents',
  ],
  [
    /^\w+ \/inquiries\/[^/]+\/sessions$/,
    'sessions have their own path: GET /inquiry-sessions?filter[inquiry-id]={id}, or POST /inquiry-sessions',
  ],
  [/^\w+ \/inquiries\/[^/]+\/redact$/, 'redacting is DELETE /inquiries/{id}'],
  [/^\w+ \/accounts\/[^/]+\/redact$/, 'redacting is DELETE /accounts/{id}'],
  [
    /^\w+ \/inquiries\/[^/]+\/submit$/,
    'an inquiry is completed by the person, or by POST /inquiries/{id}/perform-simulate-actions with complete_inquiry',
  ],
  [
    /^\w+ \/inquiries\/[^/]+\/(session-token|generate-session-token|sessionToken)$/,
    'a session token comes from POST /inquiries/{id}/resume, in meta.session-token',
  ],
  [/^(POST|PUT) \/inquiries\/[^/]+$/, 'an inquiry is changed with PATCH /inquiries/{id}'],
  [
    /^GET \/accounts\/[^/]+\/inquiries$/,
    'the inquiries of an account are GET /inquiries?filter[account-id]={id}',
  ],
  [/^PUT \/(accounts|webhooks)\/[^/]+$/, 'it is changed with PATCH'],
  [/^\w+ \/inquiry(\/|$)/, 'the path is /inquiries'],
];

/** @param path - below `/api/v1` */
export function mistakenPath(method: string, path: string): string | undefined {
  const text = `${method} ${path}`;
  return PATHS.find(([pattern]) => pattern.test(text))?.[1];
}

/** Query parameters that belong elsewhere. */
export function mistakenParameter(name: string): string | undefined {
  if (/^(meta\[)?auto-create-/.test(name))
    return 'it is a member of "meta" in the body: {"data": {…}, "meta": {"auto-create-…": true}}';
  if (name === 'reference-id' || name === 'referenceId') return 'the parameter is filter[reference-id]';
  if (name === 'limit' || name === 'per-page') return 'the parameter is page[size]';
  if (name === 'status' || name === 'account-id') return `the parameter is filter[${name}]`;
  return undefined;
}
