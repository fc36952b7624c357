import type { Outcome } from '../../delivery/attempt.ts';
import type { HeaderList, Recording } from '../../recording/recording.ts';
import { headerOf } from '../../recording/recording.ts';
import type { KeptAttempt, KeptDelivery } from './kept-delivery.ts';

type Group = readonly [first: Recording, ...others: Recording[]];

/** Recordings as deliveries, the newest first: attempts of one delivery belong together, others are one each. */
export async function recordedDeliveries(recordings: AsyncIterable<Recording>): Promise<KeptDelivery[]> {
  const groups = new Map<string, Group>();
  let alone = 0;
  for await (const recording of recordings) {
    const key = recording.deliveryId ?? `alone ${(alone += 1)}`;
    const before = groups.get(key);
    groups.set(key, before === undefined ? [recording] : [...before, recording]);
  }
  return [...groups.values()].map((group, index) => deliveryOf(group, `d${index + 1}`)).reverse();
}

function deliveryOf([first, ...others]: Group, id: string): KeptDelivery {
  const { eventId = '', eventName = '', url, body } = first;
  const attempts = [first, ...others].map(attemptOf);
  const last = attempts.at(-1);
  return {
    ...{ id, webhookId: '', signature: 'valid', removed: [], unmatched: [] },
    ...{ eventId, eventName, url, body, attempts },
    createdAtMs: first.atMs ?? 0,
    attemptsTotal: last === undefined ? 0 : last.attempt + last.attemptsLeft,
    state: stateOf(last),
  };
}

function stateOf(last: KeptAttempt | undefined): KeptDelivery['state'] {
  if (last?.outcome?.kind === 'accepted') return 'completed';
  return last?.attemptsLeft === 0 ? 'failed' : 'pending';
}

function attemptOf(recording: Recording, index: number): KeptAttempt {
  const { attempt = index + 1, atMs = 0, url, headers, timings } = recording;
  const left = Number(headerOf(headers, 'Persona-Webhook-Attempts-Left') ?? 0);
  return {
    ...{ attempt, startedAtMs: atMs, simulatedAtMs: atMs, url: new URL(url), timings },
    attemptsLeft: Number.isInteger(left) ? left : 0,
    headers: Object.fromEntries(headers),
    outcome: outcomeOf(recording),
  };
}

const ACCEPTED = 200;
const LIMIT_MS = 5_000;

function outcomeOf({ answer, failure }: Recording): Outcome | undefined {
  if (answer !== undefined) {
    const { status, body, truncated } = answer;
    const kind = status === ACCEPTED ? 'accepted' : 'rejected';
    return { kind, status, response: { status, body, truncated, headers: recordOf(answer.headers) } };
  }
  if (failure === undefined) return undefined;
  if (failure.code === 'TIMED_OUT') return { kind: 'timed-out', phase: 'headers', timeoutMs: LIMIT_MS };
  return failure.code === 'CANCELLED' ? { kind: 'cancelled' } : { kind: 'unreachable', ...failure };
}

function recordOf(headers: HeaderList): Record<string, string | string[]> {
  const record: Record<string, string | string[]> = {};
  for (const [name, value] of headers) {
    const before = record[name];
    record[name] = before === undefined ? value : [before, value].flat();
  }
  return record;
}
