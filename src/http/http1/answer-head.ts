import { HEADER_LINE, STATUS_LINE } from './grammar.ts';
import type { HeadFacts } from './known-head.ts';
import { MalformedAnswerError } from './malformed-answer.ts';

/** What the lines of a head say of the answer, as far as a sender needs it (RFC 9112). */
export class AnswerHead {
  status = 0;
  /** May another request follow on the connection? */
  isLast = false;
  keepAliveMs: number | undefined;
  length: number | undefined;
  isEncoded = false;
  isChunked = false;

  begin(): void {
    this.isLast = false;
    this.keepAliveMs = undefined;
    this.length = undefined;
    this.isEncoded = false;
    this.isChunked = false;
  }

  /** A head that is known already. */
  take({ status, isLast, keepAliveMs, length, isEncoded, isChunked }: HeadFacts): void {
    this.status = status;
    this.isLast = isLast;
    this.keepAliveMs = keepAliveMs;
    this.length = length;
    this.isEncoded = isEncoded;
    this.isChunked = isChunked;
  }

  facts(): HeadFacts {
    const { status, isLast, keepAliveMs, length, isEncoded, isChunked } = this;
    return { status, isLast, keepAliveMs, length, isEncoded, isChunked };
  }

  /** @throws {MalformedAnswerError} */
  takeStatusLine(line: string): void {
    const [, version, status] = STATUS_LINE.exec(line) ?? [];
    if (version === undefined) throw new MalformedAnswerError('HPE_INVALID_CONSTANT');
    this.status = Number(status);
    if (this.status < 100) throw new MalformedAnswerError('HPE_INVALID_STATUS');
    this.isLast = version !== '1.1';
  }

  /** @throws {MalformedAnswerError} */
  takeHeader(line: string): void {
    const [, name = '', value = ''] = HEADER_LINE.exec(line) ?? [];
    if (name === '') throw new MalformedAnswerError('HPE_INVALID_HEADER_TOKEN');
    switch (name.length) {
      case 10:
        this.#takeConnectionHeader(name.toLowerCase(), value);
        break;
      case 14:
        if (name.toLowerCase() === 'content-length') this.#takeLength(value.trimEnd());
        break;
      case 17:
        if (name.toLowerCase() === 'transfer-encoding') this.#takeEncoding(value);
        break;
    }
  }

  #takeConnectionHeader(name: string, value: string): void {
    if (name === 'connection') {
      const tokens = value.toLowerCase().split(',');
      for (const token of tokens) {
        if (token.trim() === 'close') this.isLast = true;
        if (token.trim() === 'keep-alive') this.isLast = false;
      }
    } else if (name === 'keep-alive') {
      const seconds = /timeout=(\d+)/.exec(value)?.[1];
      this.keepAliveMs = seconds === undefined ? undefined : Number(seconds) * 1000;
    }
  }

  #takeLength(value: string): void {
    if (this.length !== undefined) throw new MalformedAnswerError('HPE_UNEXPECTED_CONTENT_LENGTH');
    if (!/^\d{1,15}$/.test(value)) throw new MalformedAnswerError('HPE_INVALID_CONTENT_LENGTH');
    if (this.isEncoded) throw new MalformedAnswerError('HPE_INVALID_TRANSFER_ENCODING');
    this.length = Number(value);
  }

  #takeEncoding(value: string): void {
    if (this.length !== undefined) throw new MalformedAnswerError('HPE_INVALID_TRANSFER_ENCODING');
    if (value === '') return;
    this.isEncoded = true;
    this.isChunked = /(?:^|,)[ \t]*chunked[ \t]*$/i.test(value);
  }
}
