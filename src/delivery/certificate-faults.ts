export const TRUST_HINT = 'trust its authority with `ca`, or any certificate with `insecure`';
const UNTRUSTED = `the certificate's authority is not trusted: ${TRUST_HINT}`;

const FAULTS: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: `the certificate is self-signed: ${TRUST_HINT}`,
  SELF_SIGNED_CERT_IN_CHAIN: UNTRUSTED,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNTRUSTED,
  CERT_HAS_EXPIRED: 'the certificate has expired (`insecure` accepts it all the same)',
  ERR_TLS_CERT_ALTNAME_INVALID: 'the certificate is for another host name',
};

/** What is wrong with a certificate, and what to do about it, by the code of the failure. */
export function certificateFault(code: string): string | undefined {
  return Object.hasOwn(FAULTS, code) ? FAULTS[code] : undefined;
}
