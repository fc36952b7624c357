/** Counts the work that is under way on a clock, so that it can be waited for. */
export class WorkUnderWay {
  #count = 0;
  #onQuiet: (() => void)[] = [];

  begins(): void {
    this.#count += 1;
  }

  ends(): void {
    this.#count -= 1;
    if (this.#count > 0) return;
    for (const resolve of this.#onQuiet.splice(0)) resolve();
  }

  /** Resolves when everything under way sleeps or is over. */
  async quiet(): Promise<void> {
    do {
      if (this.#count > 0) await new Promise<void>((resolve) => this.#onQuiet.push(resolve));
      // Whoever was just settled may begin something new.
      await new Promise(setImmediate);
    } while (this.#count > 0);
  }
}
