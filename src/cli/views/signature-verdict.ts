import { SIGNATURE_HEADER } from '../../persona/contract.ts';
import { printable } from '../../text/printable.ts';
import { explainSignature } from '../../signing/explain-signature.ts';
import type { Secret } from '../../signing/sign.ts';
import { isInMilliseconds, type Verification } from '../../signing/verify.ts';

/** A request's signature in words, with the mistake that a mismatch was made with. */
export function describeSignature(
  verification: Verification | { readonly kind: 'missing' },
  { body, secrets }: { body: Buffer; secrets: readonly Secret[] },
): string {
  switch (verification.kind) {
    case 'valid':
      return 'signature valid';
    case 'missing':
      return `no ${SIGNATURE_HEADER} header`;
    case 'malformed':
      return `signature malformed: ${printable(verification.reason, 120)}`;
    case 'stale':
      if (isInMilliseconds(verification.timestampSeconds)) return 'signature valid, but t is in milliseconds';
      return 'signature valid, but too old';
    case 'mismatch': {
      const { text } = explainSignature({ body, sets: verification.sets, secrets });
      return `signature does not match: ${text}`;
    }
  }
}
