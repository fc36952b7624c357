import { fromValue } from '../../json/node.ts';
import { ApiError } from '../errors.ts';
import { changes, lists, one, reads, type Call, type Result, type Route } from '../http/call.ts';
import { createSession, endSession, endSessions, linkMeta, oneTimeLink } from '../state/sessions.ts';
import { referenceTo, relatedId, statusOf } from '../state/store.ts';
import { inquiryOf, checkAllowed } from '../state/transitions.ts';
import { find, list, matcher } from './lists.ts';

const sessionOf = (call: Call) => find(call, call.param('inquiry-session-id'), 'inquiry-session');

export const sessionRoutes: readonly Route[] = [
  lists(
    'list-all-inquiry-sessions',
    (call) =>
      list(
        call,
        'inquiry-session',
        matcher(call, { 'inquiry-id': (session) => relatedId(session, 'inquiry') }),
      ),
    ['inquiry-id'],
  ),
  reads('retrieve-an-inquiry-session', (call) => one(sessionOf(call))),
  changes('create-an-inquiry-session', create),
  changes('expire-an-inquiry-session', (call) => {
    call.body('emptySchema');
    return one(endSession(call.environment, sessionOf(call)));
  }),
  changes('expire-inquiry-sessions', expireAll),
  changes('generate-a-one-time-link-for-an-inquiry-session', generateLink),
];

function create(call: Call): Result {
  const { 'inquiry-id': id } = call.body('createSessionSchema').data.attributes;
  const inquiry = call.environment.store.get(id);
  if (inquiry === undefined || !call.environment.inquiries.has(id))
    throw new ApiError(404, 'data.attributes.inquiry-id is not found');
  checkAllowed(call.environment, inquiry, 'resume');
  return { status: 201, data: createSession(call.environment, inquiry) };
}

function expireAll(call: Call): Result {
  const { environment } = call;
  const ids = call.body('expireSessionsSchema').meta['inquiry-ids'];
  // All are looked up before the first is changed.
  const inquiries = ids.map((id) => inquiryOf(environment, id).inquiry);
  return { data: inquiries.flatMap((inquiry) => endSessions(environment, inquiry)) };
}

function generateLink(call: Call): Result {
  const { environment } = call;
  const seconds = call.body('linkSchema').meta?.['expires-in-seconds'];
  const session = sessionOf(call);
  if (statusOf(session) === 'expired')
    throw new ApiError(409, 'The session has expired: POST /inquiries/{id}/resume opens a new one.');
  const { record } = inquiryOf(environment, relatedId(session, 'inquiry') ?? '');
  const link = oneTimeLink(environment, record, { session, seconds });
  return {
    data: environment.store.get(referenceTo(session).id) ?? session,
    meta: fromValue(linkMeta(environment, record, link)),
  };
}
