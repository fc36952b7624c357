import { fromValue, isList, object, type JsonObject, type JsonValue } from '../../json/node.ts';
import { MAX_SESSIONS, ONE_TIME_LINK_SECONDS } from '../../persona/inquiry-operations.ts';
import { newId } from '../../persona/ids.ts';
import { ApiError } from '../errors.ts';
import { objectAt, withAttributes, withRelations, withValues } from './edit.ts';
import { referenceTo, statusOf } from './store.ts';
import {
  emit,
  instantiate,
  isoSeconds,
  nowMs,
  type InquiryRecord,
  type Link,
  type Environment,
} from './environment.ts';

/** The inquiry's sessions, the oldest first. */
export function sessionsOf(environment: Environment, inquiry: JsonObject): JsonObject[] {
  return environment.store.relation(inquiry, 'sessions');
}

/** An unused session of the inquiry, or a new one. @throws {ApiError} when it has too many */
export function openSession(environment: Environment, record: InquiryRecord): JsonObject {
  const inquiry = environment.store.get(record.id);
  if (inquiry === undefined) throw new ApiError(404);
  const unused = sessionsOf(environment, inquiry).find((session) => statusOf(session) === 'new');
  return unused ?? createSession(environment, inquiry);
}

/** @throws {ApiError} when the inquiry has as many as it can have */
export function createSession(environment: Environment, inquiry: JsonObject): JsonObject {
  const sessions = sessionsOf(environment, inquiry);
  if (sessions.length >= MAX_SESSIONS)
    throw new ApiError(422, `The inquiry has ${MAX_SESSIONS} sessions, which is as many as Persona allows.`);
  const session = environment.store.put(newSession(environment, inquiry));
  environment.store.put(withRelations(inquiry, { sessions: [...sessions, session].map(referenceTo) }));
  return session;
}

/** Everything that a device tells is still unknown. */
function newSession(environment: Environment, inquiry: JsonObject): JsonObject {
  const sample = environment.story.subject('inquiry-session.started');
  const unknown = objectAt(sample, 'attributes').members.map(({ key }) => ({ key, value: fromValue(null) }));
  const blank = object([
    { key: 'type', value: fromValue('inquiry-session') },
    { key: 'id', value: fromValue(newId('iqse', environment.random)) },
    { key: 'attributes', value: object(unknown) },
    { key: 'relationships', value: objectAt(sample, 'relationships') },
  ]);
  const created = withValues(blank, { status: 'new', 'created-at': isoSeconds(nowMs(environment)) });
  return withRelations(created, { inquiry: referenceTo(inquiry), device: null, network: null });
}

/** Somebody opened the session on a device. */
export function startSession(environment: Environment, session: JsonObject): JsonObject {
  if (statusOf(session) !== 'new') return session;
  const { story, store } = environment;
  const sample = story.subject('inquiry-session.started');
  const ids = new Map([[referenceTo(sample).id, referenceTo(session).id]]);
  const added = (type: 'device' | 'network') =>
    referenceTo(store.put(instantiate(environment, story.included('inquiry-session.started', type), ids)));
  const [device, network] = [added('device'), added('network')];
  const told = objectAt(instantiate(environment, sample, ids), 'attributes');
  const createdAt = objectAt(session, 'attributes').members.filter(({ key }) => key === 'created-at');
  const active = withAttributes(withAttributes(session, told), object(createdAt));
  const resource = withRelations(active, { device, network });
  return emit(environment, 'inquiry-session.started', { resource });
}

/** Sessions end with their inquiry, and a person has no use for them any more. */
export function endSessions(environment: Environment, inquiry: JsonObject): JsonObject[] {
  return sessionsOf(environment, inquiry)
    .filter((session) => statusOf(session) !== 'expired')
    .map((session) => endSession(environment, session));
}

export function endSession(environment: Environment, session: JsonObject): JsonObject {
  if (statusOf(session) === 'expired') return session;
  const resource = withValues(session, { status: 'expired', 'expired-at': isoSeconds(nowMs(environment)) });
  return emit(environment, 'inquiry-session.expired', { resource });
}

/** The link of a session: an unused one is returned again. */
export function oneTimeLink(
  environment: Environment,
  record: InquiryRecord,
  { session, seconds = ONE_TIME_LINK_SECONDS }: { session: JsonObject; seconds?: number | undefined },
): Link {
  const { id } = referenceTo(session);
  const known = record.links.find((link) => link.sessionId === id && isLinkValid(environment, link));
  if (known !== undefined) return known;
  // UNDOCUMENTED: the form of the code.
  const code = newId('otl', environment.random).slice('otl_'.length);
  const link: Link = { code, sessionId: id, expiresAtMs: nowMs(environment) + seconds * 1000, isUsed: false };
  record.links.push(link);
  return link;
}

export function isLinkValid(environment: Environment, link: Link): boolean {
  return !link.isUsed && link.expiresAtMs > nowMs(environment);
}

/** `meta` of the answers that hand out a link. */
export function linkMeta(
  { settings }: Environment,
  { id }: InquiryRecord,
  link: Link,
): Record<string, JsonValue> {
  return {
    'one-time-link': `${settings.baseUrl}/verify?inquiry-id=${id}&code=${link.code}`,
    'one-time-link-short': `${settings.baseUrl}/verify/${link.code}`,
  };
}

/** A JWT as long as Persona's. UNDOCUMENTED: its claims. It opens the hosted page and nothing else. */
export function sessionToken(environment: Environment, session: JsonObject): string {
  const { id } = referenceTo(session);
  const issuedAt = Math.floor(nowMs(environment) / 1000);
  const claims = { sub: id, aud: 'persona-verify', iat: issuedAt, exp: issuedAt + ONE_TIME_LINK_SECONDS };
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${encode({ alg: 'HS256' })}.${encode(claims)}.${Buffer.from(id).toString('base64url')}`;
}

/** The session that a token stands for; undefined when it does not look like one of ours. */
export function sessionIdOf(token: string): string | undefined {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
    if (claims === null || typeof claims !== 'object' || isList(claims as JsonValue)) return undefined;
    const { sub } = claims as { sub?: unknown };
    return typeof sub === 'string' ? sub : undefined;
  } catch {
    return undefined;
  }
}
