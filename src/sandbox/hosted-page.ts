import { createHash } from 'node:crypto';
import type { Hono } from 'hono';
import { stringAt, type JsonObject } from '../json/node.ts';
import { API_PATH } from '../persona/api.ts';
import type { SandboxState } from './sandbox-state.ts';
import { decisionFor, finish, type Ending } from './state/deciding.ts';
import { isLinkValid, openSession, sessionIdOf, sessionToken, startSession } from './state/sessions.ts';
import { relatedId, statusOf } from './state/store.ts';
import { inquiryOf } from './state/transitions.ts';
import type { Environment } from './state/environment.ts';

/** What a person can do on the page, and how the inquiry ends by it. */
const BUTTONS = { pass: 'Pass', fail: 'Fail', review: 'Needs review', abandon: 'Abandon' } as const;
type Button = keyof typeof BUTTONS;

/** The page behind one-time links and session tokens. It is plain HTML, and loads nothing. */
export function hostedPage(app: Hono, state: SandboxState): void {
  const { environment } = state;
  app.get('/verify/:code', ({ req }) => open(environment, { code: req.param('code') }));
  app.get('/verify', ({ req }) =>
    open(environment, {
      code: req.query('code'),
      token: req.query('session-token'),
      inquiryId: req.query('inquiry-id'),
      redirectUri: req.query('redirect-uri'),
    }),
  );
  app.post('/verify', async ({ req }) => {
    const site = req.header('sec-fetch-site') ?? 'none';
    if (site !== 'same-origin' && site !== 'none')
      return page({ status: 403, title: 'Refused', text: 'The form was sent from another site.' });
    // Nobody waits for the answer when the browser has gone.
    const form = new URLSearchParams(await req.text().catch(() => ''));
    const session = sessionOf(environment, form.get('session-token') ?? '');
    const button = form.get('do');
    if (session === undefined || button === null || !(button in BUTTONS)) return invalid();
    return press(environment, session, button as Button);
  });
}

interface Key {
  readonly code?: string | undefined;
  readonly token?: string | undefined;
  readonly inquiryId?: string | undefined;
  /** DOCS hosted-flow: a parameter of the link, in place of that of the inquiry. */
  readonly redirectUri?: string | undefined;
}

function open(environment: Environment, key: Key): Response {
  const session = sessionFor(environment, key);
  if (session === undefined || statusOf(session) === 'expired') return invalid();
  const started = startSession(environment, session);
  const { inquiry, record } = inquiryOf(environment, relatedId(started, 'inquiry') ?? '');
  if (key.redirectUri !== undefined) record.redirectUri = key.redirectUri;
  return page({
    title: 'Verify your identity',
    text: `Inquiry ${record.id} is ${statusOf(inquiry)}. Choose how this person's flow ends.`,
    form: sessionToken(environment, started),
    redirectUri: record.redirectUri,
  });
}

function sessionFor(environment: Environment, { code, token, inquiryId }: Key): JsonObject | undefined {
  if (code !== undefined) return sessionOfCode(environment, code);
  if (token !== undefined) return sessionOf(environment, token);
  return inquiryId === undefined ? undefined : firstSession(environment, inquiryId);
}

/** DOCS hosted-flow: an inquiry that nobody has begun needs no token, only its id. */
function firstSession(environment: Environment, inquiryId: string): JsonObject | undefined {
  const record = environment.inquiries.get(inquiryId);
  const inquiry = environment.store.get(inquiryId);
  const isNew = record !== undefined && inquiry !== undefined && statusOf(inquiry) === 'created';
  return isNew ? openSession(environment, record) : undefined;
}

function sessionOf({ store }: Environment, token: string): JsonObject | undefined {
  const found = store.get(sessionIdOf(token) ?? '');
  return found !== undefined && stringAt(found, 'type') === 'inquiry-session' ? found : undefined;
}

/** Opening a link uses it up. */
function sessionOfCode(environment: Environment, code: string): JsonObject | undefined {
  for (const record of environment.inquiries.values()) {
    const link = record.links.find((other) => other.code === code);
    if (link === undefined || !isLinkValid(environment, link)) continue;
    link.isUsed = true;
    return environment.store.get(link.sessionId);
  }
  return undefined;
}

function press(environment: Environment, session: JsonObject, button: Button): Response {
  const { inquiry, record } = inquiryOf(environment, relatedId(session, 'inquiry') ?? '');
  const isOpen = ['created', 'pending'].includes(statusOf(inquiry));
  if (isOpen && button !== 'abandon') finish(environment, record.id, endingOf(environment, inquiry, button));
  const after = inquiryOf(environment, record.id).inquiry;
  if (record.redirectUri === undefined || !URL.canParse(record.redirectUri))
    return page({
      title: 'Done',
      text: `Inquiry ${record.id} is ${statusOf(after)}. You can close this page.`,
    });
  return new Response(null, {
    status: 303,
    headers: { Location: redirectTo(record.redirectUri, after, record.id), 'Referrer-Policy': 'no-referrer' },
  });
}

/** A rule of the seed file decides over a person who passes; without one they are approved. */
function endingOf(environment: Environment, inquiry: JsonObject, button: Exclude<Button, 'abandon'>): Ending {
  if (button !== 'pass') return button;
  const decided = decisionFor(environment, inquiry);
  return decided === 'none' ? 'approve' : decided;
}

/** DOCS hosted-flow: the browser comes back with these. */
function redirectTo(uri: string, inquiry: JsonObject, id: string): string {
  const url = new URL(uri);
  url.searchParams.set('inquiry-id', id);
  url.searchParams.set('status', statusOf(inquiry));
  const referenceId = stringAt(inquiry, 'attributes', 'reference-id');
  if (referenceId !== undefined) url.searchParams.set('reference-id', referenceId);
  return url.href;
}

function invalid(): Response {
  return page({
    status: 410,
    title: 'This link is no longer valid',
    text: `It was used, or has expired. POST ${API_PATH}/inquiries/{id}/generate-one-time-link gives a new one.`,
  });
}

const STYLE =
  ':root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:32rem;margin:4rem auto;padding:0 1rem}' +
  'button{font:inherit;padding:.5rem 1rem;margin:0 .5rem .5rem 0}';
const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

interface PageContent {
  readonly status?: number;
  readonly title: string;
  readonly text: string;
  /** The session token that the form sends. */
  readonly form?: string;
  readonly redirectUri?: string | undefined;
}

function page({ status = 200, title, text, form, redirectUri }: PageContent): Response {
  const buttons = Object.entries(BUTTONS).map(
    ([name, label]) => `<button name="do" value="${name}">${label}</button>`,
  );
  const body =
    form === undefined
      ? ''
      : `<form method="post" action="/verify"><input type="hidden" name="session-token" value="${form}">${buttons.join('')}</form>`;
  const html = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title><style>${STYLE}</style><h1>${title}</h1><p>${escaped(text)}</p>${body}<p><small>This is hookcast, standing in for Persona.</small></p></html>`;
  return new Response(html, { status, headers: headers(redirectUri) });
}

/** Browsers hold `form-action` against the target of a redirect too. */
function headers(redirectUri: string | undefined): Record<string, string> {
  const target = redirectUri === undefined || !URL.canParse(redirectUri) ? '' : ` ${originOf(redirectUri)}`;
  return {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; form-action 'self'${target}; base-uri 'none'; frame-ancestors 'none'`,
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'same-origin',
    'Cache-Control': 'no-store',
  };
}

/** An app's own scheme (`myapp://done`) has no origin. */
function originOf(uri: string): string {
  const { origin, protocol } = new URL(uri);
  return origin === 'null' ? protocol : origin;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
