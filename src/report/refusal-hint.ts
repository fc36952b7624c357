import type { Outcome } from '../delivery/attempt.ts';
import { POLICIES, type DeliveryPolicy } from '../persona/policies.ts';
import { shellWord } from '../text/repeat-command.ts';

export interface RefusalContext {
  readonly url: string;
  /** Signed with the development secret, since none was given. */
  readonly isDevelopmentSecret?: boolean | undefined;
  /** Sent with the signature of the recording. */
  readonly isFrozen?: boolean | undefined;
  /** By which the status was judged. */
  readonly policy?: DeliveryPolicy | undefined;
}

/** What to do about a receiver that answers 401, 403, or what only another policy accepts; undefined for the rest. */
export function refusalHint(
  outcome: Outcome | { readonly kind: string; readonly status?: number },
  { url, isDevelopmentSecret = false, isFrozen = false, policy }: RefusalContext,
): string | undefined {
  const status = outcome.kind === 'rejected' && 'status' in outcome ? outcome.status : undefined;
  if (status !== 401 && status !== 403) return otherPolicyHint(status, policy);
  if (isFrozen) return 'an old t is refused, as it should be; without --frozen the requests are signed again';
  const secret = isDevelopmentSecret
    ? '; or does your receiver use a secret other than the development secret?'
    : '';
  return `signature refused? find out why: hookcast conform --to ${shellWord(url)} --only ACK-01${secret}`;
}

/** Persona's pages differ: what one of them refuses, a newer one may accept. */
function otherPolicyHint(status: number | undefined, policy: DeliveryPolicy | undefined): string | undefined {
  // A file of one's own says what it means.
  if (status === undefined || !POLICIES.some(({ name }) => name === policy?.name)) return undefined;
  const other = POLICIES.find(({ acceptedStatuses }) => acceptedStatuses.includes(status));
  if (other === undefined) return undefined;
  return `Persona's pages of ${yearOf(other)} also accept ${status}: --policy ${other.name}`;
}

/** Of its source, which ends with it. */
function yearOf({ source }: DeliveryPolicy): string {
  return /\((\d{4})/.exec(source)?.[1] ?? source;
}
