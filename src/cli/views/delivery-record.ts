import type { StoredAttempt, StoredDelivery } from '../../journal/delivery-store.ts';
import type { HttpResponse } from '../../ports.ts';
import { maskHeader, maskHeaders, maskText } from '../../text/mask.ts';

/** A delivery as `hookcast delivery --json` prints it: what lets somebody in is hidden, as in the text for people. */
export function deliveryRecord(delivery: StoredDelivery) {
  const { id, eventId, eventName, url, state, createdAtMs, body, attempts } = delivery;
  const { attemptsMade, attemptsTotal, nextAttemptAtMs } = delivery;
  return {
    ...{ id, eventId, eventName, url, state, createdAtMs, attemptsMade, attemptsTotal, nextAttemptAtMs },
    body: body.toString('utf8'),
    attempts: attempts.map(recordOf),
  };
}

function recordOf({ attempt, startedAtMs, simulatedAtMs, requestHeaders, outcome, timings }: StoredAttempt) {
  const when = { attempt, startedAtMs, simulatedAtMs };
  const shown = { ...when, requestHeaders: maskHeaders(requestHeaders), timings };
  if (outcome === undefined || !('response' in outcome)) return { ...shown, outcome: outcome ?? null };
  return { ...shown, outcome: { ...outcome, response: responseOf(outcome.response) } };
}

function responseOf({ headers, body, ...response }: HttpResponse) {
  const masked = Object.entries(headers).map(([name, value]) => [name, maskedValue(name, value)]);
  return {
    ...response,
    headers: Object.fromEntries(masked) as HttpResponse['headers'],
    body: maskText(body.toString('utf8')),
  };
}

function maskedValue(name: string, value: HttpResponse['headers'][string]) {
  return typeof value === 'string' ? maskHeader(name, value) : value.map((one) => maskHeader(name, one));
}
