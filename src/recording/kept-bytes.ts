/** The first bytes of what passes, up to a limit. */
export class KeptBytes {
  readonly #limit: number;
  readonly #chunks: Buffer[] = [];
  #kept = 0;
  #passed = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(chunk: Buffer): void {
    const part = chunk.subarray(0, Math.max(0, this.#limit - this.#kept));
    if (part.length > 0) this.#chunks.push(part);
    this.#kept += part.length;
    this.#passed += chunk.length;
  }

  get isWhole(): boolean {
    return this.#kept === this.#passed;
  }

  bytes(): Buffer {
    return Buffer.concat(this.#chunks);
  }
}
