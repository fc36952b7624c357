/** Of the body of a request. */
export const BODY_BYTES_MAX = 5_000_000;
