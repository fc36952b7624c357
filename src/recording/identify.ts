import { ATTEMPTS_MADE_HEADER, SIGNATURE_HEADER } from '../persona/contract.ts';
import { parseSignatureHeader } from '../signing/parse-header.ts';
import { markedJsonValue } from './body-text.ts';
import { headerOf, type Recording } from './recording.ts';

/** Fills in what the source did not say and the request itself does: the event, the attempt, the time. */
export function identify(recording: Recording): Recording {
  const event = eventOf(recording.body);
  return {
    ...recording,
    eventId: recording.eventId ?? event.id,
    eventName: recording.eventName ?? event.name,
    attempt: recording.attempt ?? attemptOf(recording),
    atMs: recording.atMs ?? signedAtMs(recording),
  };
}

/** `data.id` and `data.attributes.name`; nothing for a body that is not an event. */
export function eventOf(body: Buffer) {
  const event = markedJsonValue(body.toString('utf8'));
  return { id: textAt(event, 'data', 'id'), name: textAt(event, 'data', 'attributes', 'name') };
}

function textAt(value: unknown, ...path: readonly string[]): string | undefined {
  const found = path.reduce(memberOf, value);
  return typeof found === 'string' && found !== '' ? found : undefined;
}

/** Of what may be anything; undefined where it has no such member. */
export function memberOf(value: unknown, key: string): unknown {
  const isObject = typeof value === 'object' && value !== null;
  return isObject && Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;
}

function attemptOf({ headers }: Recording): number | undefined {
  const text = headerOf(headers, ATTEMPTS_MADE_HEADER)?.trim() ?? '';
  return /^[1-9]\d{0,3}$/.test(text) ? Number(text) : undefined;
}

/** Each attempt is signed when it is sent. */
function signedAtMs({ headers }: Recording): number | undefined {
  const parsed = parseSignatureHeader(headerOf(headers, SIGNATURE_HEADER) ?? '');
  const t = parsed.kind === 'sets' ? (parsed.sets[0]?.t ?? '') : '';
  return /^\d{1,11}$/.test(t) ? Number(t) * 1000 : undefined;
}
