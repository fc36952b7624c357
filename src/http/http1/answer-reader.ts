import { AnswerHead } from './answer-head.ts';
import { chunkSizeDigits, hexNumber, isLineEnd } from './chunk-size.ts';
import { BEGIN_OF_STATUS_LINE, CHUNK_SIZE_LINE } from './grammar.ts';
import { MAX_HEAD_BYTES } from '../limits.ts';
import { KnownHead, type HeadFacts } from './known-head.ts';
import { bodyNotAllowed, MalformedAnswerError, tlsAnswer } from './malformed-answer.ts';

const [CR, LF] = [0x0d, 0x0a];
/** The first byte of TLS records: an alert, a handshake. */
const TLS_RECORDS = [0x15, 0x16];

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
  /** Bytes before the head of the answer itself: interim answers (RFC 9110, 15.2) and empty lines. */
  interimBytes = 0;
  /** Has anything of the answer come? */
  hasBegun = false;
  /** Bytes of the body so far. */
  received = 0;
  #part: Part = 'status';
  /** The beginning of a line whose end has not come. */
  #line = '';
  #headBytes = 0;
  readonly #head = new AnswerHead();
  /** Of the body, or of the chunk. */
  #left = 0;
  readonly #known: KnownHead;

  /** @param known - may be shared by all readers of a receiver's answers */
  constructor(known = new KnownHead()) {
    this.#known = known;
  }

  /** May another request follow on the connection? Decided when the answer is complete. */
  get isLast(): boolean {
    return this.#head.isLast;
  }

  /** How long the receiver says that it keeps the connection, in milliseconds. */
  get keepAliveMs(): number | undefined {
    return this.#head.keepAliveMs;
  }

  /** Of a line whose end has not come. */
  get lineBytes(): number {
    return this.#line.length;
  }

  /** Gets ready for the next answer. */
  begin(): void {
    this.status = 0;
    this.interimBytes = 0;
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
    while (at < bytes.length && this.#part !== 'nothing') at = this.#readPart(bytes, at, this.#part);
    // Unasked bytes after an answer: they cannot be the answer to the next request.
    if (at < bytes.length) this.#head.isLast = true;
    return this.#part === 'nothing';
  }

  #readPart(bytes: Buffer, from: number, part: Exclude<Part, 'nothing'>): number {
    switch (part) {
      case 'body':
      case 'chunk':
      case 'rest':
        return this.#readData(bytes, from);
      case 'status':
        return this.#readStatusLine(bytes, from);
      case 'chunk-size':
      case 'chunk-end':
        return this.#readFraming(bytes, from, part);
      case 'header':
      case 'trailer':
        return this.#readLine(bytes, from, part);
    }
  }

  /** The receiver has closed. @returns true when that completes the answer */
  end(): boolean {
    this.#head.isLast = true;
    if (this.#part === 'rest') this.#part = 'nothing';
    return this.#part === 'nothing';
  }

  #beginAnswer(bytes: Buffer): number {
    const length = this.#known.match(bytes);
    if (length > 0) {
      this.#head.take(this.#known.facts as HeadFacts);
      this.#beginBody();
    } else if (TLS_RECORDS.includes(bytes[0] ?? 0)) throw tlsAnswer();
    return length;
  }

  #readStatusLine(bytes: Buffer, from: number): number {
    let at = from;
    if (this.#line === '') {
      // RFC 9112, 2.2: empty lines before a message are ignored.
      while (bytes[at] === CR || bytes[at] === LF) at += 1;
      this.interimBytes += at - from;
    }
    return at === bytes.length ? at : this.#readLine(bytes, at, 'status');
  }

  /** The usual lines between chunks go byte by byte: an answer may consist of a million chunks of one byte. */
  #readFraming(bytes: Buffer, from: number, part: 'chunk-size' | 'chunk-end'): number {
    if (this.#line !== '') return this.#readLine(bytes, from, part);
    if (part === 'chunk-end') {
      if (!isLineEnd(bytes, from)) return this.#readLine(bytes, from, part);
      this.#part = 'chunk-size';
      return from + 2;
    }
    const digits = chunkSizeDigits(bytes, from);
    if (digits === 0) return this.#readLine(bytes, from, part);
    this.#beginChunk(hexNumber(bytes, from, from + digits));
    return from + digits + 2;
  }

  #readLine(bytes: Buffer, from: number, part: LinePart): number {
    const lf = bytes.indexOf(LF, from);
    const to = lf < 0 ? bytes.length : lf + 1;
    this.#headBytes += to - from;
    if (this.#headBytes > MAX_HEAD_BYTES) {
      throw new MalformedAnswerError('UND_ERR_HEADERS_OVERFLOW');
    }
    if (lf < 0) {
      this.#line += bytes.toString('latin1', from, to);
      if (part === 'status' && !BEGIN_OF_STATUS_LINE.test(this.#line))
        throw new MalformedAnswerError('HPE_INVALID_CONSTANT');
      return to;
    }
    const whole = this.#line + bytes.toString('latin1', from, lf);
    if (!whole.endsWith('\r')) throw new MalformedAnswerError('HPE_CR_EXPECTED');
    this.#line = '';
    this.#takeLine(part, whole.slice(0, -1));
    if (part === 'header' && this.status !== 0) this.#headEnded(bytes, to);
    return to;
  }

  #takeLine(part: LinePart, line: string): void {
    switch (part) {
      case 'status':
        this.#head.takeStatusLine(line);
        this.#part = 'header';
        break;
      case 'header':
        if (line === '') this.#endHead();
        else this.#head.takeHeader(line);
        break;
      case 'chunk-size':
        this.#takeChunkSize(line);
        break;
      case 'chunk-end':
        if (line !== '') throw new MalformedAnswerError('HPE_STRICT');
        this.#part = 'chunk-size';
        break;
      case 'trailer':
        if (line === '') this.#part = 'nothing';
        else this.#head.takeHeader(line);
    }
  }

  #endHead(): void {
    const { status } = this.#head;
    if (status < 200) {
      if (status === 101) throw new MalformedAnswerError('HPE_PAUSED_UPGRADE');
      // The answer is still to come, also after a 100 that was not asked for (RFC 9110, 15.2).
      this.interimBytes += this.#headBytes;
      this.#part = 'status';
      this.#beginHead();
      return;
    }
    this.#beginBody();
  }

  #headEnded(bytes: Buffer, end: number): void {
    const isWhole = this.#headBytes === end; // It began where these bytes do.
    this.#headBytes = 0;
    if (!isWhole) return;
    this.#known.remember(bytes, end, this.#head.facts());
  }

  #beginBody(): void {
    const { status, length, isChunked } = this.#head;
    this.status = status;
    if (status === 204 || status === 304) {
      if (length) throw bodyNotAllowed(status, length);
      this.#part = 'nothing';
    } else if (isChunked) this.#part = 'chunk-size';
    else if (length === undefined) this.#part = 'rest';
    else {
      this.#left = length;
      this.#part = this.#left === 0 ? 'nothing' : 'body';
    }
  }

  #takeChunkSize(line: string): void {
    const size = CHUNK_SIZE_LINE.exec(line)?.[1];
    if (size === undefined) throw new MalformedAnswerError('HPE_INVALID_CHUNK_SIZE');
    this.#beginChunk(Number.parseInt(size, 16));
  }

  #beginChunk(size: number): void {
    this.#headBytes = 0;
    this.#left = size;
    this.#part = size === 0 ? 'trailer' : 'chunk';
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
    this.#headBytes = 0;
    this.#head.begin();
  }
}
