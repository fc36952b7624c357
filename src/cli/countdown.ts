import { formatSpan } from '../report/duration.ts';
import type { CommandContext } from './context.ts';
import type { Wait } from '../delivery/deliver.ts';

const BAR_CELLS = 24;
const REDRAW_MS = 100;
const CLEAR_LINE = '\r\u001b[2K';

interface PendingWait extends Wait {
  readonly startedMs: number;
}

/** The live line at the bottom of a terminal: how long until the next attempt, in real and simulated time. */
export class Countdown {
  readonly #context: CommandContext;
  readonly #waits = new Map<string, PendingWait>();
  #timer: NodeJS.Timeout | undefined;

  constructor(context: CommandContext) {
    this.#context = context;
  }

  /** A delivery waits from now on. */
  start(deliveryId: string, wait: Wait): void {
    this.#waits.set(deliveryId, { ...wait, startedMs: performance.now() });
    this.#timer ??= setInterval(() => {
      this.#draw();
    }, REDRAW_MS);
    this.#draw();
  }

  /** The delivery's next attempt is over, or the delivery is. */
  stop(deliveryId: string): void {
    this.#waits.delete(deliveryId);
    if (this.#waits.size === 0) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
  }

  /** Makes room for a line that stays. */
  clear(): void {
    this.#context.io.stdout.write(CLEAR_LINE);
  }

  #draw(): void {
    const next = [...this.#waits.values()].sort((a, b) => dueMs(a) - dueMs(b))[0];
    if (next === undefined) return;
    const { chalk, io } = this.#context;
    const line = `  ${countdownText(next, performance.now() - next.startedMs, this.#waits.size)}`;
    io.stdout.write(CLEAR_LINE + chalk.cyan(line.slice(0, Math.max(20, io.stdout.columns - 1))));
  }
}

function dueMs({ startedMs, waitMs }: PendingWait): number {
  return startedMs + waitMs;
}

/** `[######------]  next attempt in 45m 3s (2 s of real time)` */
export function countdownText(wait: Wait, elapsedMs: number, waiting = 1): string {
  const share = wait.waitMs === 0 ? 1 : Math.min(1, elapsedMs / wait.waitMs);
  const cells = Math.round(share * BAR_CELLS);
  const bar = `[${'#'.repeat(cells)}${'-'.repeat(BAR_CELLS - cells)}]`;
  if (share === 1) return `${bar}  attempt under way`;
  const left = formatSpan(Math.max(1_000, wait.delayMs * (1 - share)));
  const real = wait.delayMs === wait.waitMs ? '' : ` (${seconds(wait.waitMs * (1 - share))} of real time)`;
  const others = waiting > 1 ? `, ${waiting} deliveries waiting` : '';
  return `${bar}  next attempt in ${left}${real}${others}`;
}

/** Tenths while they can be seen to move. */
function seconds(ms: number): string {
  return ms < 60_000 ? `${(ms / 1000).toFixed(1)} s` : formatSpan(ms);
}
