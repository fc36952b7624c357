import { answerFault, CLOSED_WITHOUT_ANSWER, TLS_ANSWER_CODE } from '../../delivery/answer-faults.ts';

/** An answer that HTTP/1.1 does not allow; `code` and message are those of `answerFault`. */
export class MalformedAnswerError extends Error {
  override name = 'MalformedAnswerError' as const;
  readonly code: string;

  constructor(code: string, message = answerFault(code) ?? code) {
    super(message);
    this.code = code;
  }
}

export function tlsAnswer(): MalformedAnswerError {
  return new MalformedAnswerError(TLS_ANSWER_CODE, 'the answer is TLS');
}

/** RFC 9110, 15.3.5 and 15.4.5. */
export function bodyNotAllowed(status: number, length: number): MalformedAnswerError {
  const message = `${status} must not have a body, and this one announces ${length} bytes`;
  return new MalformedAnswerError('UND_ERR_RES_CONTENT_LENGTH_MISMATCH', message);
}

/** The receiver closed where an answer was due. */
export class ClosedError extends Error {
  override name = 'ClosedError' as const;
  readonly code = 'UND_ERR_SOCKET';

  /** @param hasBegun - has anything of the answer come? */
  constructor(hasBegun: boolean) {
    super(hasBegun ? 'closed in the middle of the answer' : CLOSED_WITHOUT_ANSWER);
  }
}
