import type { Delivery, Outcome } from '../api/records.ts';

export interface Advice {
  readonly text: string;
  /** The tab of the attempt that shows more. */
  readonly tab?: 'Response' | 'Signature';
  readonly isWarning?: true;
}

/** What to do about the last attempt; undefined where all is as it should be. */
export function adviceFor({
  signature,
  lastOutcome,
}: Pick<Delivery, 'signature' | 'lastOutcome'>): Advice | undefined {
  if (lastOutcome === null) return undefined;
  if (signature !== 'valid') return forgeryAdvice(signature, lastOutcome);
  switch (lastOutcome.kind) {
    case 'rejected':
      return statusAdvice(lastOutcome.status);
    case 'timed-out':
      return lastOutcome.phase === 'headers' || lastOutcome.phase === 'body'
        ? { text: 'Answer 200 first, and do slow work afterwards.' }
        : { text: 'Are the host and the port of the webhook right, and do they answer?' };
    case 'unreachable':
      return unreachableAdvice(lastOutcome.code);
    case 'accepted':
    case 'cancelled':
      return undefined;
  }
}

function forgeryAdvice(signature: Delivery['signature'], outcome: Outcome): Advice | undefined {
  if (outcome.kind === 'rejected') {
    return outcome.status < 500
      ? { text: 'That is right: its signature is wrong on purpose.' }
      : { text: 'Its signature is wrong on purpose: to refuse it is right, to break is not. Answer 401.' };
  }
  if (outcome.kind !== 'accepted') return undefined;
  const text =
    signature === 'stale'
      ? 'It took a signature that is ten minutes old: whoever recorded the request can send it again.'
      : 'It took a request that nobody signed with its secret: does it verify signatures at all?';
  return { text, tab: 'Signature', isWarning: true };
}

function statusAdvice(status: number): Advice {
  if (status < 300) return { text: 'This schedule does not count that status as success: answer 200.' };
  if (status < 400) {
    return {
      text: 'Redirects are not followed: give the webhook the URL that this one leads to.',
      tab: 'Response',
    };
  }
  if (status === 404 || status === 405) {
    return { text: 'Is the path of the webhook right, and does it take POST?', tab: 'Response' };
  }
  if (status === 413) return { text: 'Let the receiver take larger bodies.', tab: 'Response' };
  if (status < 500) {
    return { text: 'If it refuses the signature: see what it should have computed.', tab: 'Signature' };
  }
  return {
    text: 'The receiver broke. What it said is in its answer; the rest is in its log.',
    tab: 'Response',
  };
}

function unreachableAdvice(code: string): Advice | undefined {
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return { text: 'Is the host of the webhook spelled right?' };
  if (['ECONNRESET', 'UND_ERR_SOCKET', 'EPIPE'].includes(code)) {
    return { text: 'Did the receiver crash, or a proxy before it? See their logs.' };
  }
  return undefined;
}
