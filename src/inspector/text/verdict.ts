import type { Delivery, Outcome, Summary } from '../api/records.ts';
import { counted, elapsed, span } from './format.ts';

const PHASES = {
  connect: 'no connection',
  tls: 'no TLS session',
  headers: 'no answer',
  body: 'an answer that did not end',
} as const;

/** The system's codes, where there are plain words. */
const UNREACHABLE: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  UND_ERR_SOCKET: 'connection closed',
  EPIPE: 'connection closed',
  ENOTFOUND: 'host not found',
  EAI_AGAIN: 'host not found',
  EHOSTUNREACH: 'no route',
  ENETUNREACH: 'no route',
  ETIMEDOUT: 'no connection',
  REMOTE_ADDRESS: 'address not allowed',
};

/** In a few words: `500`, `no answer within 5 s`. */
export function outcomeText(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'accepted':
    case 'rejected':
      return String(outcome.status);
    case 'timed-out':
      return `${PHASES[outcome.phase]} within ${elapsed(outcome.timeoutMs)}`;
    case 'unreachable':
      return UNREACHABLE[outcome.code] ?? outcome.code;
    case 'cancelled':
      return 'interrupted';
  }
}

/** As the end of a sentence. */
function outcomeClause(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'accepted':
    case 'rejected':
      return `the receiver answered ${outcome.status}`;
    case 'timed-out':
      return `${PHASES[outcome.phase]} within ${elapsed(outcome.timeoutMs)}`;
    case 'unreachable':
      return unreachableClause(outcome);
    case 'cancelled':
      return 'it was interrupted';
  }
}

function unreachableClause({ code, reason }: Extract<Outcome, { kind: 'unreachable' }>): string {
  if (code === 'ECONNREFUSED') return 'connection refused. Is the receiver running?';
  const words = UNREACHABLE[code];
  if (words === undefined) return `${reason} (${code})`;
  return words.startsWith('connection') ? `${words} before a complete answer` : `${words}: ${reason}`;
}

/** What happened to the delivery, and what comes next. */
export function verdictOf(delivery: Delivery, paused: boolean): string {
  const { state, attemptsMade, attemptsTotal, reason, lastOutcome } = delivery;
  const why = lastOutcome === null ? '' : outcomeClause(lastOutcome);
  switch (state) {
    case 'completed':
      return sentence(`Delivered on attempt ${attemptsMade} of ${attemptsTotal}: ${why}${tookOf(delivery)}`);
    case 'failed':
      if (reason !== null) return sentence(`Failed after ${counted(attemptsMade, 'attempt')}: ${reason}`);
      return sentence(
        `Given up after ${counted(attemptsMade, 'attempt')}${overOf(delivery)}; the last time, ${why}`,
      );
    case 'skipped':
      return sentence(`Not sent: ${reason ?? 'the webhook does not want it'}`);
    case 'cancelled':
      return `Cancelled after ${counted(attemptsMade, 'attempt')}.`;
    case 'pending':
      return pendingVerdict(delivery, { why, paused });
  }
}

function pendingVerdict(
  { attemptsMade, attemptsTotal, isUnderWay, next }: Summary,
  { why, paused }: { why: string; paused: boolean },
): string {
  if (isUnderWay) return `Attempt ${attemptsMade + 1} of ${attemptsTotal} is under way.`;
  if (attemptsMade === 0) return 'The first attempt is about to be made.';
  const past = sentence(`Attempt ${attemptsMade} of ${attemptsTotal} failed: ${why}`);
  if (next === null) return past;
  const wait = paused ? 'waits for the paused clock' : 'is waiting for its time';
  return `${past} Attempt ${next.attempt} ${wait}.`;
}

function tookOf({ attempts }: Delivery): string {
  const durationMs = attempts.at(-1)?.durationMs ?? null;
  return durationMs === null ? '' : ` after ${elapsed(durationMs)}`;
}

function overOf({ attempts }: Delivery): string {
  const [first, last] = [attempts[0], attempts.at(-1)];
  if (first === undefined || last === undefined || attempts.length < 2) return '';
  return ` over ${span(Date.parse(last.simulatedAt) - Date.parse(first.simulatedAt))}`;
}

export function sentence(text: string): string {
  return /[.?!]$/.test(text) ? text : `${text}.`;
}
