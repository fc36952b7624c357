/** Lets one check send at a time, so that none is judged by what another does to the receiver. */
export class Turns {
  #isTaken = false;
  readonly #resumed: (() => void)[] = [];
  readonly #waiting: (() => void)[] = [];

  async run<T>(act: (turn: Turn) => Promise<T>): Promise<T> {
    await this.#take(this.#waiting);
    try {
      return await act({ aside: (wait) => this.#aside(wait) });
    } finally {
      this.#give();
    }
  }

  async #aside<T>(wait: () => Promise<T>): Promise<T> {
    this.#give();
    try {
      return await wait();
    } finally {
      await this.#take(this.#resumed);
    }
  }

  #take(queue: (() => void)[]): Promise<void> {
    if (this.#isTaken) return new Promise((resolve) => queue.push(resolve));
    this.#isTaken = true;
    return Promise.resolve();
  }

  /** Checks that have begun come first: they end soon, and in about the order of the suite. */
  #give(): void {
    const next = this.#resumed.shift() ?? this.#waiting.shift();
    if (next === undefined) this.#isTaken = false;
    else next();
  }
}

export interface Turn {
  /** Waits without holding up the other checks. */
  aside<T>(wait: () => Promise<T>): Promise<T>;
}
