/**
 * Which operation an inquiry allows in which state. DOCS: docs.withpersona.com and the descriptions in OPENAPI (2025-12-08).
 * UNDOCUMENTED: no source; our choice, which a seed file can override.
 */
export const INQUIRY_STATUSES = [
  'created',
  'pending',
  'completed',
  'needs_review',
  'approved',
  'declined',
  'failed',
  'expired',
] as const;
export type InquiryStatus = (typeof INQUIRY_STATUSES)[number];

/**
 * One sign for each status, in the order of INQUIRY_STATUSES: `y` allowed and `n` refused as documented, `+` allowed
 * and `-` refused by our choice.
 */
const ROWS = {
  // DOCS resuming-inquiries: expired becomes pending; completed, failed and decided inquiries cannot be resumed.
  resume: 'yyn-nnny',
  // DOCS inquiry one-time links say nothing about states: as resume.
  'generate-one-time-link': '++-----+',
  // DOCS: a reviewer decides a completed inquiry, or one that needs review.
  approve: '++yy-+++',
  decline: '++yy+-++',
  // OPENAPI mark-an-inquiry-for-review: not after a decision.
  'mark-for-review': '++y-nn++',
  // OPENAPI expire-an-inquiry: for inquiries that are under way.
  expire: 'yy------',
  // OPENAPI update-an-inquiry: allowed at any time, and not recommended after the end.
  update: 'yyyyyyyy',
  redact: 'yyyyyyyy',
  'change-tags': '++++++++',
  // OPENAPI inquiries-perform-simulate-actions names the actions, and no states.
  start: '+------+',
  complete: '++-----+',
  fail: '++-----+',
  verify: '++++----',
} as const;
export type InquiryOperation = keyof typeof ROWS;
export const INQUIRY_OPERATIONS = Object.keys(ROWS) as readonly InquiryOperation[];

export interface OperationRule {
  readonly isAllowed: boolean;
  readonly source: 'DOCS' | 'UNDOCUMENTED';
}

/** The cell of the table. */
export function ruleFor(operation: InquiryOperation, status: InquiryStatus): OperationRule {
  const sign = ROWS[operation].charAt(INQUIRY_STATUSES.indexOf(status));
  return {
    isAllowed: sign === 'y' || sign === '+',
    source: sign === 'y' || sign === 'n' ? 'DOCS' : 'UNDOCUMENTED',
  };
}

/** UNDOCUMENTED: the status of an answer that refuses an operation in this state; 422 is as likely. */
export const REFUSED_OPERATION_STATUS = 409;

export const INQUIRY_LIFETIME_SECONDS = 86_400; // DOCS inquiry-expiration: 24 hours.
export const ONE_TIME_LINK_SECONDS = 86_400; // DOCS one-time links: 24 hours.
export const MAX_SESSIONS = 25; // DOCS inquiry-sessions.
