/** How a request can be signed: as it should be, or wrong on purpose. */
export const SIGNATURES = [
  ['valid', 'Valid'],
  ['none', 'None at all'],
  ['wrong-secret', 'Of another secret'],
  ['stale', 'Ten minutes old'],
  ['tampered', 'Of another body'],
] as const;
