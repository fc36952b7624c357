import type { Outcome } from '../delivery/outcome.ts';
import { shellWord } from '../text/repeat-command.ts';

export interface RefusalContext {
  readonly url: string;
  /** Signed with the development secret, since none was given. */
  readonly isDevelopmentSecret?: boolean | undefined;
  /** Sent with the signature of the recording. */
  readonly isFrozen?: boolean | undefined;
}

/** What to do about a receiver that answers 401 or 403; undefined for every other outcome. */
export function refusalHint(
  outcome: Outcome | { readonly kind: string; readonly status?: number },
  { url, isDevelopmentSecret = false, isFrozen = false }: RefusalContext,
): string | undefined {
  const status = outcome.kind === 'rejected' && 'status' in outcome ? outcome.status : undefined;
  if (status !== 401 && status !== 403) return undefined;
  if (isFrozen) return 'an old t is refused, as it should be; without --frozen the requests are signed again';
  const secret = isDevelopmentSecret
    ? '; or does your receiver have another secret than the development secret?'
    : '';
  return `signature refused? find out why: hookcast conform --to ${shellWord(url)} --only ACK-01${secret}`;
}
