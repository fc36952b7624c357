import { ERROR_TITLES, type ErrorStatus } from '../persona/api.ts';

export interface ApiErrorDetail {
  readonly title?: string | undefined;
  readonly details?: string | undefined;
  /** JSON pointer into the request: `/data/attributes/url`. */
  readonly pointer?: string | undefined;
}

/** A request that Persona would refuse. It ends in the answer, and never leaves the sandbox. */
export class ApiError extends Error {
  override name = 'ApiError' as const;
  readonly status: ErrorStatus;
  readonly detail: ApiErrorDetail;

  constructor(status: ErrorStatus, detail: ApiErrorDetail | string = {}) {
    const known = typeof detail === 'string' ? { details: detail } : detail;
    super(known.details ?? ERROR_TITLES[status]);
    this.status = status;
    this.detail = known;
  }

  /** `{errors: […]}` in Persona's form: `source` only with 422, no `details` with 401. */
  body(): { readonly errors: readonly object[] } {
    const { title = ERROR_TITLES[this.status], details, pointer } = this.detail;
    const source = this.status === 422 && pointer !== undefined ? { source: { pointer } } : {};
    return { errors: [{ title, ...(details === undefined ? {} : { details }), ...source }] };
  }
}
