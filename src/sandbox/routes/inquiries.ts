import { fromValue, stringAt, type JsonObject, type JsonValue } from '../../json/node.ts';
import { INQUIRY_LIFETIME_SECONDS } from '../../persona/inquiry-operations.ts';
import { ApiError } from '../errors.ts';
import { changes, lists, one, reads, type Call, type Result, type Route } from '../http/call.ts';
import type { CreateInquiry } from '../requests/inquiry.ts';
import { decideLater } from '../state/deciding.ts';
import { createInquiry, updateInquiry, type InquiryInput } from '../state/inquiries.ts';
import { redactInquiry } from '../state/redaction.ts';
import { linkMeta, oneTimeLink, openSession, sessionToken } from '../state/sessions.ts';
import { referenceTo, relatedId } from '../state/store.ts';
import type { TemplateChoice } from '../state/templates.ts';
import { inquiryOf, reopen, step, checkAllowed, type InquiryStep } from '../state/transitions.ts';
import type { InquiryOperation } from '../../persona/inquiry-operations.ts';
import { runSearch, find, list, matcher } from './lists.ts';
import { simulate } from './simulate.ts';
import { tagRoutes } from './tags.ts';

const FILTERS = [
  ...['inquiry-id', 'account-id', 'note', 'reference-id', 'inquiry-template-id', 'template-id', 'status'],
  ...['created-at-start', 'created-at-end'],
];

export const inquiryRoutes: readonly Route[] = [
  changes('create-an-inquiry', create),
  lists('list-all-inquiries', listInquiries, FILTERS),
  reads('retrieve-an-inquiry', (call) => one(find(call, call.param('inquiry-id'), 'inquiry'))),
  changes('update-an-inquiry', update),
  changes('redact-an-inquiry', redact),
  changes('resume-an-inquiry', resume),
  changes('generate-a-one-time-link', generateLink),
  decision('approve-an-inquiry', 'approve', 'inquiry.approved'),
  decision('decline-an-inquiry', 'decline', 'inquiry.declined'),
  decision('mark-an-inquiry-for-review', 'mark-for-review', 'inquiry.marked-for-review'),
  decision('expire-an-inquiry', 'expire', 'inquiry.expired'),
  changes('inquiries-perform-simulate-actions', simulate),
  lists('search-inquiries', (call) => runSearch(call, call.environment.store.all('inquiry'))),
  ...tagRoutes('inquiries', 'inquiry.updated-tags', (call) => allowed(call, 'change-tags')),
];

function allowed(call: Call, operation: InquiryOperation): JsonObject {
  const inquiry = find(call, call.param('inquiry-id'), 'inquiry');
  checkAllowed(call.environment, inquiry, operation);
  return inquiry;
}

function create(call: Call): Result {
  const { environment } = call;
  const { data, meta = {} } = call.body('createInquirySchema');
  checkedRedirect(call, data.attributes['redirect-uri']);
  const inquiry = createInquiry(environment, inputOf(data.attributes, meta));
  const { id } = referenceTo(inquiry);
  decideLater(environment, id);
  const handed = handOut(call, id, meta);
  return { status: 201, data: environment.store.get(id) ?? inquiry, meta: fromValue(handed) };
}

function inputOf(attributes: Attributes, meta: Meta): InquiryInput {
  const given = <T>(value: T | null | undefined) => value ?? undefined;
  return {
    template: chooseTemplate(attributes),
    referenceId: given(attributes['reference-id']),
    accountId: given(attributes['account-id']),
    accountReferenceId: meta['auto-create-account-reference-id'],
    hasAccount: meta['auto-create-account'] !== false || given(attributes['account-id']) !== undefined,
    note: attributes.note,
    fields: (attributes.fields ?? {}) as Record<string, JsonValue>,
    tags: attributes.tags,
    redirectUri: given(attributes['redirect-uri']),
    creator: given(attributes['creator-email-address']),
    lifetime: {
      afterCreateSeconds: meta['expiration-after-create-interval-seconds'] ?? INQUIRY_LIFETIME_SECONDS,
      afterStartSeconds: given(meta['expiration-after-start-interval-seconds']),
      afterResumeSeconds: given(meta['expiration-after-resume-interval-seconds']),
    },
  };
}

/** Session token and link, each null unless it was asked for. */
function handOut(call: Call, id: string, meta: Meta): Record<string, JsonValue> {
  const { environment } = call;
  const wantsLink = meta['auto-create-one-time-link'] === true;
  const wantsSession = meta['auto-create-inquiry-session'] === true;
  if (!wantsLink && !wantsSession) {
    call.hint(
      'nothing-handed-out',
      'no session and no link were asked for, so meta.session-token and meta.one-time-link are null: ' +
        'add {"meta": {"auto-create-inquiry-session": true}} or "auto-create-one-time-link", or POST /inquiries/{id}/resume',
    );
    return { 'session-token': null, 'one-time-link': null, 'one-time-link-short': null };
  }
  const { record } = inquiryOf(environment, id);
  const session = openSession(environment, record);
  const seconds = meta['one-time-link-expiration-seconds'] ?? undefined;
  const link = wantsLink
    ? linkMeta(environment, record, oneTimeLink(environment, record, { session, seconds }))
    : { 'one-time-link': null, 'one-time-link-short': null };
  return { 'session-token': wantsSession ? sessionToken(environment, session) : null, ...link };
}

type Attributes = CreateInquiry['data']['attributes'];
type Meta = NonNullable<CreateInquiry['meta']>;

/** @throws {ApiError} unless exactly one of the three is given */
function chooseTemplate(attributes: Attributes): TemplateChoice {
  const given = (['template-id', 'inquiry-template-id', 'inquiry-template-version-id'] as const).flatMap(
    (name) => {
      const id = attributes[name];
      return id == null ? [] : [{ name, id }];
    },
  );
  const [first, second] = given;
  if (first === undefined)
    throw new ApiError(
      400,
      'data.attributes.inquiry-template-id is missing: an inquiry needs one template (itmpl_…)',
    );
  if (second !== undefined)
    throw new ApiError(
      400,
      `data.attributes has ${given.map(({ name }) => name).join(' and ')}: give exactly one`,
    );
  return choiceOf(first);
}

const PREFIXES = {
  'template-id': { kind: 'legacy', prefix: /^(tmpl|blu)_/ },
  'inquiry-template-id': { kind: 'template', prefix: /^itmpl_/ },
  'inquiry-template-version-id': { kind: 'version', prefix: /^itmplv_/ },
} as const;

function choiceOf({ name, id }: { name: keyof typeof PREFIXES; id: string }): TemplateChoice {
  const { kind, prefix } = PREFIXES[name];
  if (prefix.test(id)) return { kind, id };
  const meant = Object.entries(PREFIXES).find(([, rule]) => rule.prefix.test(id))?.[0];
  const guess =
    meant === undefined ? 'it is not the id of a template' : `an id of this kind goes into ${meant}`;
  throw new ApiError(400, `data.attributes.${name} is not found: ${guess}`);
}

function listInquiries(call: Call): Result {
  const [startMs, endMs] = [timeOf(call, 'created-at-start'), timeOf(call, 'created-at-end')];
  const note = call.query.filter.get('note');
  const isKept = matcher(call, {
    'inquiry-id': (inquiry) => referenceTo(inquiry).id,
    'account-id': (inquiry) => relatedId(inquiry, 'account'),
    'inquiry-template-id': (inquiry) => relatedId(inquiry, 'inquiry-template'),
    'template-id': (inquiry) => relatedId(inquiry, 'template'),
    status: (inquiry) => stringAt(inquiry, 'attributes', 'status'),
  });
  return list(call, 'inquiry', (inquiry) => {
    const atMs = Date.parse(stringAt(inquiry, 'attributes', 'created-at') ?? '');
    const isInTime = (startMs === undefined || atMs >= startMs) && (endMs === undefined || atMs <= endMs);
    const hasNote = note === undefined || stringAt(inquiry, 'attributes', 'note') === note;
    return isInTime && hasNote && isKept(inquiry);
  });
}

/** @throws {ApiError} 400 for a filter that is not a time */
function timeOf({ query }: Call, name: string): number | undefined {
  const text = query.filter.get(name);
  if (text === undefined) return undefined;
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) throw new ApiError(400, `filter[${name}] must be a time such as ${EXAMPLE_TIME}`);
  return ms;
}

const EXAMPLE_TIME = '2026-01-31T12:00:00.000Z';

function update(call: Call): Result {
  const inquiry = allowed(call, 'update');
  const { note, fields, tags, ...rest } = call.body('updateInquirySchema').data?.attributes ?? {};
  const values = (fields ?? {}) as Record<string, JsonValue>;
  const redirectUri = checkedRedirect(call, rest['redirect-uri']);
  return one(updateInquiry(call.environment, inquiry, { note, tags, fields: values, redirectUri }));
}

/** UNDOCUMENTED: what Persona says to one that is not a URL. Here the hosted page stays where it is, and the log says why. */
function checkedRedirect<T extends string | null | undefined>(call: Call, uri: T): T {
  if (typeof uri === 'string' && !URL.canParse(uri))
    call.hint(
      'redirect-uri',
      'redirect-uri is not a URL, so the hosted page does not lead back: give it a scheme, such as https://',
    );
  return uri;
}

function redact(call: Call): Result {
  return one(redactInquiry(call.environment, referenceTo(allowed(call, 'redact')).id));
}

function resume(call: Call): Result {
  const { environment } = call;
  call.body('emptySchema');
  const { id } = referenceTo(reopen(environment, allowed(call, 'resume')));
  const session = openSession(environment, inquiryOf(environment, id).record);
  return {
    data: inquiryOf(environment, id).inquiry,
    meta: fromValue({ 'session-token': sessionToken(environment, session) }),
  };
}

function generateLink(call: Call): Result {
  const { environment } = call;
  const seconds = call.body('linkSchema').meta?.['expires-in-seconds'];
  const { id } = referenceTo(reopen(environment, allowed(call, 'generate-one-time-link')));
  const { record } = inquiryOf(environment, id);
  const link = oneTimeLink(environment, record, { session: openSession(environment, record), seconds });
  return { data: inquiryOf(environment, id).inquiry, meta: fromValue(linkMeta(environment, record, link)) };
}

function decision(operation: string, action: InquiryOperation, event: InquiryStep): Route {
  return changes(operation, (call) => {
    const { id } = referenceTo(allowed(call, action));
    const takesComment = action === 'approve' || action === 'decline';
    const comment = takesComment ? call.body('commentSchema').meta?.comment : void call.body('emptySchema');
    return one(step(call.environment, id, { event, comment }));
  });
}
