/** What the page may know of the sandbox: `GET /inquiry-rules`. Apart from the server, which browsers' types do not fit. */
export type { InquiryRules } from '../../sandbox/state/transitions.ts';
