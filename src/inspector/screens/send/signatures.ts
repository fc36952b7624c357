/** How a request can be signed: as it should be, or wrong on purpose. */
export const SIGNATURES = [
  ['valid', 'Signature: valid'],
  ['none', 'Signature: none'],
  ['wrong-secret', 'Signature: wrong secret'],
  ['stale', 'Signature: stale'],
  ['tampered', 'Signature: tampered body'],
] as const;
