import { KnownHead, type HeadFacts } from './known-head.ts';

/** An answer that HTTP/1.1 does not allow. The codes are undici's, as in the outcome of a single delivery. */
export class MalformedAnswerError extends Error {
  override name = 'MalformedAnswerError' as const;
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** Of the head, or of the trailers: more is refused. */
const MAX_HEAD_BYTES = 16_384;
const [CR, LF] = [0x0d, 0x0a];

const STATUS_LINE = /^HTTP\/(0\.9|1\.0|1\.1|2\.0) (\d{3})(?: [^\0\r]*)?$/;
const BEGIN_OF_STATUS_LINE = /^(?:H(?:T(?:T(?:P(?:\/(?:\d(?:\.(?:\d(?: .*)?)?)?)?)?)?)?)?)?$/;
const HEADER_LINE = /^([!#$%&'*+\-.^_`|~\dA-Za-z]+):[ \t]*([^\0-\x08\x0a-\x1f\x7f]*)$/;
const CHUNK_SIZE_LINE =
  /^([\da-f]{1,13})(?:;[!#$%&'*+\-.^_`|~\w]+(?:=(?:[!#$%&'*+\-.^_`|~\w]*|"(?:[^"\\\0-\x08\x0a-\x1f\x7f]|\\[\t -~\x80-\xff])*"))?)*$/i;

/** What the next line is, what the next bytes are a part of, or that nothing more is to come. */
type LinePart = 'status' | 'header' | 'chunk-size' | 'chunk-end' | 'trailer';
type Part = LinePart | 'body' | 'chunk' | 'rest' | 'nothing';

/**
 * Reads answers to POSTs as far as a sender needs it: the status, where the answer ends, and whether the connection
 * can be used again (RFC 9112). The same object reads one answer after another.
 */
export class AnswerReader {
  /** Of the answer itself, not of an early hint; 0 until its head is complete. */
  status = 0;
  /** Has anything of the answer come? */
  hasBegun = false;
  /** Bytes of the body so far. */
  received = 0;
  /** May another request follow on the connection? Decided when the answer is complete. */
  isLast = false;
  /** How long the receiver says that it keeps the connection, in milliseconds. */
  keepAliveMs: number | undefined;
  #part: Part = 'status';
  /** The beginning of a line whose end has not come. */
  #line = '';
  #headBytes = 0;
  #statusOfHead = 0;
  #length: number | undefined;
  #isEncoded = false;
  #isChunked = false;
  /** Of the body, or of the chunk. */
  #left = 0;
  readonly #known: KnownHead;

  /** @param known - may be shared by all readers of a receiver's answers */
  constructor(known = new KnownHead()) {
    this.#known = known;
  }

  /** Gets ready for the next answer. */
  begin(): void {
    this.status = 0;
    this.hasBegun = false;
    this.received = 0;
    this.#part = 'status';
    this.#line = '';
    this.#beginHead();
  }

  /**
   * @returns true when the answer is complete
   * @throws {MalformedAnswerError}
   */
  read(bytes: Buffer): boolean {
    if (bytes.length > 0) this.hasBegun = true;
    let at = this.#part === 'status' && this.#line === '' ? this.#beginAnswer(bytes) : 0;
    while (at < bytes.length && this.#part !== 'nothing') {
      if (this.#part === 'body' || this.#part === 'chunk' || this.#part === 'rest')
        at = this.#readData(bytes, at);
      else at = this.#readLine(bytes, at, this.#part);
    }
    // What follows an answer that nobody asked for: it cannot be the answer to the next request.
    if (at < bytes.length) this.isLast = true;
    return this.#part === 'nothing';
  }

  /** The receiver has closed. @returns true when that completes the answer */
  end(): boolean {
    this.isLast = true;
    if (this.#part === 'rest') this.#part = 'nothing';
    return this.#part === 'nothing';
  }

  #beginAnswer(bytes: Buffer): number {
    const length = this.#known.match(bytes);
    if (length > 0) this.#takeHead(this.#known.facts as HeadFacts);
    if (length > 0) return length;
    let at = 0;
    while (bytes[at] === CR || bytes[at] === LF) at += 1;
    return at;
  }

  #readLine(bytes: Buffer, from: number, part: LinePart): number {
    const lf = bytes.indexOf(LF, from);
    const to = lf < 0 ? bytes.length : lf + 1;
    this.#headBytes += to - from;
    if (this.#headBytes > MAX_HEAD_BYTES) {
      throw new MalformedAnswerError('UND_ERR_HEADERS_OVERFLOW', 'Headers Overflow Error');
    }
    if (lf < 0) {
      this.#line += bytes.toString('latin1', from, to);
      if (part === 'status' && !BEGIN_OF_STATUS_LINE.test(this.#line)) throw notHttp();
      return to;
    }
    const whole = this.#line + bytes.toString('latin1', from, lf);
    if (!whole.endsWith('\r')) throw malformed('a line ends with LF alone');
    this.#line = '';
    this.#takeLine(part, whole.slice(0, -1));
    if (part === 'header' && this.status !== 0) this.#headEnded(bytes, to);
    return to;
  }

  #takeLine(part: LinePart, line: string): void {
    switch (part) {
      case 'status':
        this.#takeStatusLine(line);
        break;
      case 'header':
        if (line === '') this.#endHead();
        else this.#takeHeader(line);
        break;
      case 'chunk-size':
        this.#takeChunkSize(line);
        break;
      case 'chunk-end':
        if (line !== '') throw malformed('a chunk is longer than its size says');
        this.#part = 'chunk-size';
        break;
      case 'trailer':
        if (line === '') this.#part = 'nothing';
        else this.#takeHeader(line);
    }
  }

  #takeStatusLine(line: string): void {
    const [, version, status] = STATUS_LINE.exec(line) ?? [];
    if (version === undefined) throw notHttp();
    this.#statusOfHead = Number(status);
    this.isLast = version !== '1.1';
    this.#part = 'header';
  }

  #takeHeader(line: string): void {
    const [, name = '', value = ''] = HEADER_LINE.exec(line) ?? [];
    if (name === '') throw malformed('a malformed header');
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
    if (this.#length !== undefined) throw malformed('two Content-Lengths');
    if (!/^\d{1,15}$/.test(value)) throw malformed('a malformed Content-Length');
    if (this.#isEncoded) throw bothLengths();
    this.#length = Number(value);
  }

  #takeEncoding(value: string): void {
    if (this.#length !== undefined) throw bothLengths();
    if (value === '') return;
    this.#isEncoded = true;
    this.#isChunked = /(?:^|,)[ \t]*chunked[ \t]*$/i.test(value);
  }

  #endHead(): void {
    const status = this.#statusOfHead;
    if (status < 200) {
      // 100 and 101 answer what was not asked for; after an early hint the answer is still to come.
      if (status === 100) throw new MalformedAnswerError('UND_ERR_SOCKET', 'bad response');
      if (status === 101) throw new MalformedAnswerError('UND_ERR_SOCKET', 'bad upgrade');
      this.#part = 'status';
      this.#beginHead();
      return;
    }
    this.status = status;
    this.#beginBody();
  }

  #takeHead({ status, isLast, keepAliveMs, length, isEncoded, isChunked }: HeadFacts): void {
    this.status = status;
    this.isLast = isLast;
    this.keepAliveMs = keepAliveMs;
    this.#length = length;
    this.#isEncoded = isEncoded;
    this.#isChunked = isChunked;
    this.#beginBody();
  }

  #headEnded(bytes: Buffer, end: number): void {
    const isWhole = this.#headBytes === end; // It began where these bytes do.
    this.#headBytes = 0;
    if (!isWhole) return;
    const { status, isLast, keepAliveMs } = this;
    const framing = { length: this.#length, isEncoded: this.#isEncoded, isChunked: this.#isChunked };
    this.#known.remember(bytes, end, { status, isLast, keepAliveMs, ...framing });
  }

  #beginBody(): void {
    if (this.status === 204 || this.status === 304) {
      if ((this.#length ?? 0) > 0) throw wrongLength();
      this.#part = 'nothing';
    } else if (this.#isChunked) this.#part = 'chunk-size';
    else if (this.#length === undefined) this.#part = 'rest';
    else {
      this.#left = this.#length;
      this.#part = this.#left === 0 ? 'nothing' : 'body';
    }
  }

  #takeChunkSize(line: string): void {
    const size = CHUNK_SIZE_LINE.exec(line)?.[1];
    if (size === undefined) throw malformed('a malformed chunk size');
    this.#headBytes = 0;
    this.#left = Number.parseInt(size, 16);
    this.#part = this.#left === 0 ? 'trailer' : 'chunk';
  }

  #readData(bytes: Buffer, from: number): number {
    const room = this.#part === 'rest' ? bytes.length : this.#left;
    const to = Math.min(bytes.length, from + room);
    this.received += to - from;
    this.#left -= to - from;
    if (this.#part !== 'rest' && this.#left === 0)
      this.#part = this.#part === 'body' ? 'nothing' : 'chunk-end';
    return to;
  }

  #beginHead(): void {
    this.isLast = false;
    this.keepAliveMs = undefined;
    this.#headBytes = 0;
    this.#length = undefined;
    this.#isEncoded = false;
    this.#isChunked = false;
  }
}

function malformed(what: string): MalformedAnswerError {
  return new MalformedAnswerError(
    'HTTPParserError',
    `Response does not match the HTTP/1.1 protocol (${what})`,
  );
}

function wrongLength(): MalformedAnswerError {
  const message = 'Response body length does not match content-length header';
  return new MalformedAnswerError('UND_ERR_RES_CONTENT_LENGTH_MISMATCH', message);
}

function notHttp(): MalformedAnswerError {
  return malformed('it begins with something else');
}

function bothLengths(): MalformedAnswerError {
  return malformed('Content-Length and Transfer-Encoding');
}
