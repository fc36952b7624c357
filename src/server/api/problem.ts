import { HookcastError, UnknownNameError, UsageError } from '../../errors.ts';
import type { TextReply } from '../../http/text-reply.ts';

export interface ProblemExtras {
  /** The names that the caller may have meant, the closest first. */
  readonly near?: readonly string[] | undefined;
  /** Where the fault is: `body.events[0]`, `query.timeout`. */
  readonly where?: string | undefined;
  /** State of the delivery or run that refuses to be changed. */
  readonly state?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** What the API refuses, and why: becomes an RFC 9457 problem document. */
export class ProblemError extends HookcastError {
  override name = 'ProblemError' as const;
  readonly status: number;
  readonly extras: ProblemExtras;

  constructor(
    [status, code]: readonly [status: number, code: string],
    detail: string,
    extras?: ProblemExtras,
  ) {
    super(code, detail);
    this.status = status;
    this.extras = extras ?? {};
  }
}

export const PROBLEM_TYPE = 'application/problem+json';

/** Status and stable code of each refusal. */
export const REFUSED = {
  badRequest: [400, 'bad-request'],
  invalidJson: [400, 'invalid-json'],
  invalidBody: [400, 'invalid-body'],
  invalidParameter: [400, 'invalid-parameter'],
  unknownMember: [400, 'unknown-member'],
  unknownParameter: [400, 'unknown-parameter'],
  unknownName: [400, 'unknown-name'],
  unauthorized: [401, 'unauthorized'],
  forbiddenHost: [403, 'forbidden-host'],
  forbiddenOrigin: [403, 'forbidden-origin'],
  readOnly: [403, 'read-only'],
  notFound: [404, 'not-found'],
  methodNotAllowed: [405, 'method-not-allowed'],
  timedOut: [408, 'timed-out'],
  notDeliverable: [409, 'not-deliverable'],
  settled: [409, 'settled'],
  pending: [409, 'pending'],
  noReport: [409, 'no-report'],
  tooLarge: [413, 'too-large'],
  unsupportedMediaType: [415, 'unsupported-media-type'],
  headersTooLarge: [431, 'headers-too-large'],
  tooManyStreams: [503, 'too-many-streams'],
  journalBroken: [503, 'journal-broken'],
} as const satisfies Readonly<Record<string, readonly [number, string]>>;

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  409: 'Conflict',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  431: 'Request Header Fields Too Large',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

/** The problem that an error of ours is for the caller; undefined for a bug. */
function problemOf(error: unknown): ProblemError | undefined {
  if (error instanceof ProblemError) return error;
  if (error instanceof UnknownNameError) {
    return new ProblemError(REFUSED.unknownName, error.message, { near: error.nearest });
  }
  if (!(error instanceof HookcastError)) return undefined;
  if (error.code === 'JOURNAL_BROKEN') return new ProblemError(REFUSED.journalBroken, error.message);
  const near = error instanceof UsageError && error.nearest.length > 0 ? error.nearest : undefined;
  return new ProblemError(REFUSED.badRequest, error.message, { near });
}

/** @param allowed - the methods that the path has a route for */
export function methodNotAllowed(method: string, pathname: string, allowed: readonly string[]): ProblemError {
  const detail = `${pathname} takes ${allowed.join(', ')}, not ${method}`;
  const allow = allowed.flatMap((one) => (one === 'GET' ? ['GET', 'HEAD'] : [one])).join(', ');
  return new ProblemError(REFUSED.methodNotAllowed, detail, { near: allowed, headers: { allow } });
}

/** The answer to what was thrown; what is nobody's mistake but ours is told to `onBug` too. */
export function refusalOf(error: unknown, onBug: (error: unknown) => void): TextReply {
  const problem = problemOf(error);
  if (problem !== undefined) return problemReply(problem);
  onBug(error);
  const message = error instanceof Error ? error.message : String(error);
  return problemReply(new ProblemError([500, 'bug'], `a bug in hookcast, please report it: ${message}`));
}

function problemReply({ status, code, message, extras }: ProblemError): TextReply {
  const { near, where, state, headers } = extras;
  const members = { type: 'about:blank', title: TITLES[status] ?? 'Error', status, code, detail: message };
  return {
    status,
    headers: { 'content-type': PROBLEM_TYPE, 'cache-control': 'no-store', ...headers },
    text: JSON.stringify({ ...members, near, where, state }),
  };
}
