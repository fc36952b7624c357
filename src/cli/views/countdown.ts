import type { MovableClock } from '../../delivery/movable-clock.ts';
import type { TimeScale } from '../../delivery/time-scale.ts';
import { formatElapsed, formatSpan } from '../../report/duration.ts';
import { CLEAR_LINE } from '../../text/terminal.ts';
import type { CommandContext } from '../context.ts';

const BAR_CELLS = 24;
const NARROW_BAR_CELLS = 12;
const REDRAW_MS = 100;
const HINT = '? keys';

interface PendingWait {
  readonly clock: MovableClock;
  /** Both simulated. */
  readonly delayMs: number;
  readonly dueMs: number;
}

/** The live line at the bottom of a terminal: how long until the next attempt, in real and simulated time. */
export class Countdown {
  readonly #context: CommandContext;
  readonly #canBeSteered: boolean;
  readonly #waits = new Map<string, PendingWait>();
  /** First attempts that are under way: when they began, and their limit. */
  readonly #attempts = new Map<string, { readonly sinceMs: number; readonly limitMs: number }>();
  readonly #watched = new Map<MovableClock, () => void>();
  #timer: NodeJS.Timeout | undefined;

  constructor(context: CommandContext) {
    this.#context = context;
    this.#canBeSteered = context.io.keyboard !== undefined;
    // A skipped event never reports the end of its wait.
    context.io.interrupted.addEventListener('abort', () => {
      if (this.#waits.size + this.#attempts.size > 0) this.clear();
      this.#end();
    });
  }

  /** A delivery waits from now on. @param delayMs - simulated */
  start(deliveryId: string, delayMs: number, clock: MovableClock): void {
    if (this.#context.io.interrupted.aborted) return;
    this.#waits.set(deliveryId, { clock, delayMs, dueMs: clock.now() + delayMs });
    if (!this.#watched.has(clock)) {
      const unwatch = clock.onChange(() => {
        this.#draw();
      });
      this.#watched.set(clock, unwatch);
    }
    this.#keepDrawing();
    this.#draw();
  }

  /** A delivery's first attempt is under way; it is shown when it takes longer than a moment. */
  attempt(deliveryId: string, limitMs: number): void {
    if (this.#context.io.interrupted.aborted) return;
    this.#attempts.set(deliveryId, { sinceMs: performance.now(), limitMs });
    this.#keepDrawing();
  }

  /** The delivery's next attempt is over, or the delivery is. */
  stop(deliveryId: string): void {
    this.#waits.delete(deliveryId);
    this.#attempts.delete(deliveryId);
    if (this.#waits.size + this.#attempts.size === 0) this.#end();
  }

  /** Makes room for a line that stays. */
  clear(): void {
    this.#context.io.stdout.write(CLEAR_LINE);
  }

  #end(): void {
    this.#waits.clear();
    this.#attempts.clear();
    clearInterval(this.#timer);
    this.#timer = undefined;
    for (const unwatch of this.#watched.values()) unwatch();
    this.#watched.clear();
  }

  /** Does not keep the process alive: a run that broke must end. */
  #keepDrawing(): void {
    this.#timer ??= setInterval(() => {
      this.#draw();
    }, REDRAW_MS).unref();
  }

  #draw(): void {
    const waits = [...this.#waits.values()].map(countedDown).sort((a, b) => a.leftMs - b.leftMs);
    const [next] = waits;
    const [attempt] = this.#attempts.values();
    const { chalk, io } = this.#context;
    const room = Math.max(20, io.stdout.columns - 1);
    const line =
      attempt !== undefined
        ? attemptText(performance.now() - attempt.sinceMs, attempt.limitMs).slice(0, room)
        : next && liveLine({ ...next, waiting: waits.length, canBeSteered: this.#canBeSteered }, room);
    if (line !== undefined) io.stdout.write(CLEAR_LINE + chalk.cyan(line));
  }
}

/** `  waiting for the answer (1.2 s of 5 s)` */
function attemptText(passedMs: number, limitMs: number): string {
  return `  waiting for the answer (${seconds(passedMs)} of ${formatElapsed(limitMs)})`;
}

function countedDown({ clock, delayMs, dueMs }: PendingWait): CountedDown {
  const { scale, isPaused } = clock;
  return { delayMs, leftMs: Math.max(0, dueMs - clock.now()), scale, isPaused };
}

/** How things stand with a wait; times are simulated. */
export interface CountedDown {
  readonly delayMs: number;
  readonly leftMs: number;
  readonly scale: TimeScale;
  readonly isPaused: boolean;
}

/** With the hint at its end, and a shorter bar for that, where there are keys and the room for it. */
export function liveLine(
  { canBeSteered, ...state }: CountedDown & { waiting: number; canBeSteered: boolean },
  room: number,
): string {
  if (!canBeSteered) return `  ${countdownText(state)}`.slice(0, room);
  const line = `  ${countdownText(state, { cells: NARROW_BAR_CELLS, showScale: true })}`;
  const gap = room - line.length - HINT.length;
  return gap < 2 ? line.slice(0, room) : line + ' '.repeat(gap) + HINT;
}

/** `[######------]  next attempt in 45m 3s (2.7 s of real time)`, or `(2.7 s at 1000x)` where that can change. */
export function countdownText(
  { waiting, ...state }: CountedDown & { waiting: number },
  { cells, showScale } = { cells: BAR_CELLS, showScale: false },
): string {
  const { delayMs, leftMs, isPaused, scale } = state;
  const isInstant = !isPaused && scale === Number.POSITIVE_INFINITY;
  const share = delayMs === 0 || isInstant ? 1 : 1 - leftMs / delayMs;
  const filled = Math.round(Math.max(0, share) * cells);
  const bar = `[${'#'.repeat(filled)}${'-'.repeat(cells - filled)}]`;
  if (share >= 1) return `${bar}  attempt under way`;
  const others = waiting > 1 ? `, ${waiting} deliveries waiting` : '';
  return `${bar}  ${leftText(state, showScale)}${others}`;
}

function leftText({ leftMs, scale, isPaused }: CountedDown, showScale: boolean): string {
  const left = formatSpan(Math.max(1_000, leftMs));
  const isScaled = scale !== 1;
  if (isPaused) return `paused ${left} before the next attempt${isScaled ? ` (${scaleText(scale)})` : ''}`;
  const measure = showScale ? `at ${scaleText(scale)}` : 'of real time';
  return `next attempt in ${left}${isScaled ? ` (${seconds(leftMs / scale)} ${measure})` : ''}`;
}

function scaleText(scale: TimeScale): string {
  return Number.isFinite(scale) ? `${Number(scale.toPrecision(3))}x` : 'instant';
}

/** Tenths while they can be seen to move. */
function seconds(ms: number): string {
  return ms < 60_000 ? `${(ms / 1000).toFixed(1)} s` : formatSpan(ms);
}
