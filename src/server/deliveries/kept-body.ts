/** The bytes of a delivery. Once they are let go they are made again for whoever looks, where that is possible. */
export class KeptBody {
  #bytes: Buffer | undefined;
  readonly #again: (() => Buffer) | undefined;

  constructor(bytes: Buffer, again?: () => Buffer) {
    this.#bytes = bytes;
    this.#again = again;
  }

  get bytes(): Buffer {
    return (this.#bytes ?? this.#again?.()) as Buffer;
  }

  letGo(): void {
    if (this.#again !== undefined) this.#bytes = undefined;
  }
}
