import { HIDDEN } from '../../recording/recording.ts';
import { isCredentialHeader } from '../../text/credential-header.ts';

/** Credentials are hidden, as in every recording. */
export function visibleHeaders<Value>(
  headers: Readonly<Record<string, Value>>,
): Record<string, Value | string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, isCredentialHeader(name) ? HIDDEN : value]),
  );
}
