import type { StoredAttempt, StoredDelivery } from '../../journal/delivery-store.ts';
import type { HttpResponse } from '../../ports.ts';
import { maskHeader, maskHeaders, maskText } from '../../text/mask.ts';

/** A delivery as `hookcast delivery --json` prints it: what lets somebody in is hidden, as in the text for people. */
export function deliveryRecord({ body, attempts, ...summary }: StoredDelivery) {
  return { ...summary, body: body.toString('utf8'), attempts: attempts.map(recordOf) };
}

function recordOf({ outcome, ...attempt }: StoredAttempt) {
  const shown = { ...attempt, requestHeaders: maskHeaders(attempt.requestHeaders) };
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
