import { ProblemError, REFUSED } from '../api/problem.ts';

/** Things that run by themselves and are looked up by a short id; the oldest are forgotten. */
export class RunRegistry<Run extends { readonly id: string }> {
  readonly #prefix: string;
  readonly #start: string;
  readonly #runs = new Map<string, Run>();
  #lastNumber = 0;

  /** @param start - how a first run is made, for those who look for one before */
  constructor(prefix: string, start: string) {
    this.#prefix = prefix;
    this.#start = start;
  }

  nextId(): string {
    this.#lastNumber += 1;
    return `${this.#prefix}${this.#lastNumber}`;
  }

  /** Gives no id up to this one again. */
  skipId(id: string): void {
    this.#lastNumber = Math.max(this.#lastNumber, Number(id.slice(this.#prefix.length)) || 0);
  }

  add(run: Run): Run {
    this.#runs.set(run.id, run);
    if (this.#runs.size > KEPT) this.#runs.delete(this.#runs.keys().next().value ?? '');
    return run;
  }

  /** @throws {ProblemError} 404 */
  get(id: string): Run {
    const found = id === 'latest' ? this.latest() : this.#runs.get(id);
    if (found !== undefined) return found;
    const detail =
      this.#runs.size === 0
        ? `there is no run yet; start one: ${this.#start}`
        : `there is no run '${id}'; the latest ${KEPT} are kept`;
    throw new ProblemError(REFUSED.notFound, detail);
  }

  latest(): Run | undefined {
    return [...this.#runs.values()].at(-1);
  }

  all(): Run[] {
    return [...this.#runs.values()];
  }

  clear(): void {
    this.#runs.clear();
  }
}

const KEPT = 100;
