/** What is kept of the body of an answer. */
export const KEPT_BYTES = 65_536;
/** Where reading it stops: an endless one is judged by its status. */
export const READ_BYTES = 1_048_576;
/** Of the head of an answer, or of its trailers: more is refused. */
export const MAX_HEAD_BYTES = 16_384;
