/** Room for a head and a body as most are; it grows with what comes. */
const FIRST_ROOM_BYTES = 8_192;

/**
 * Writes requests one after another into the same memory, head and body in one piece, in the bytes that undici would
 * write. Names and values of headers are checked when a webhook is configured.
 */
export class RequestWriter {
  readonly #begin: string;
  #memory: Buffer = Buffer.allocUnsafeSlow(FIRST_ROOM_BYTES);

  constructor({ pathname, search, host }: URL) {
    this.#begin = `POST ${pathname}${search} HTTP/1.1\r\nhost: ${host}\r\nconnection: keep-alive\r\n`;
  }

  /**
   * @param headers - names and values in turn; a value that is undefined leaves its header out
   * @returns the request, until the next is written
   */
  write(headers: readonly (string | undefined)[], body: Buffer): Buffer {
    let head = this.#begin;
    for (let at = 0; at < headers.length; at += 2) {
      const value = headers[at + 1];
      if (value !== undefined) head += `${headers[at]}: ${value}\r\n`;
    }
    head += `content-length: ${body.length}\r\n\r\n`;
    const length = head.length + body.length;
    if (length > this.#memory.length) this.#memory = Buffer.allocUnsafeSlow(2 * length);
    this.#memory.write(head, 0, 'latin1');
    body.copy(this.#memory, head.length);
    return this.#memory.subarray(0, length);
  }

  /** The last request stays as it is: the next ones are written elsewhere. */
  giveAway(): void {
    this.#memory = Buffer.allocUnsafeSlow(this.#memory.length);
  }
}
