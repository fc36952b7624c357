import type { Outcome } from '../../delivery/attempt.ts';
import type {
  DeliveryFilter,
  DeliveryStore,
  StoredAttempt,
  StoredDelivery,
} from '../../journal/delivery-store.ts';
import type { HeaderList, RecordedAnswer, RecordedFailure, Recording } from '../recording.ts';

/** Every attempt that was made, delivery by delivery. A delivery whose first attempt is still to come has none. */
export async function* recordingsOf(
  store: DeliveryStore,
  filter?: DeliveryFilter,
): AsyncGenerator<Recording> {
  for await (const { id } of store.list(filter)) {
    const delivery = await store.find(id);
    if (delivery === undefined) continue; // It was removed since it was listed.
    for (const attempt of delivery.attempts) yield recordingOf(delivery, attempt);
  }
}

function recordingOf(delivery: StoredDelivery, attempt: StoredAttempt): Recording {
  const { outcome, timings } = attempt;
  return {
    method: 'POST',
    url: attempt.url ?? delivery.url,
    headers: Object.entries(attempt.requestHeaders),
    body: delivery.body,
    atMs: Math.floor(attempt.startedAtMs),
    eventId: delivery.eventId,
    eventName: delivery.eventName,
    attempt: attempt.attempt,
    deliveryId: delivery.id,
    answer: outcome && answerOf(outcome),
    failure: outcome && failureOf(outcome),
    timings,
  };
}

function answerOf(outcome: Outcome): RecordedAnswer | undefined {
  if (outcome.kind !== 'accepted' && outcome.kind !== 'rejected') return undefined;
  const { headers, body, truncated } = outcome.response;
  return { status: outcome.status, headers: listOf(headers), body, truncated };
}

function listOf(headers: Readonly<Record<string, string | readonly string[]>>): HeaderList {
  return Object.entries(headers).flatMap(([name, values]) =>
    [values].flat().map((value) => [name, value] as [string, string]),
  );
}

function failureOf(outcome: Outcome): RecordedFailure | undefined {
  switch (outcome.kind) {
    case 'accepted':
    case 'rejected':
      return undefined;
    case 'timed-out':
      return { code: 'TIMED_OUT', reason: `no complete answer within ${outcome.timeoutMs} ms` };
    case 'unreachable':
      return { code: outcome.code, reason: outcome.reason };
    case 'cancelled':
      return { code: 'CANCELLED', reason: 'interrupted before the receiver had answered' };
  }
}
