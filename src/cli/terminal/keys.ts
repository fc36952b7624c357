import type { MovableClock } from '../../delivery/movable-clock.ts';
import type { TimeScale } from '../../delivery/time-scale.ts';
import type { CommandContext } from '../context.ts';
import { CLEAR_LINE } from '../../text/terminal.ts';
import { isLive, type OutputFlags } from '../views/view.ts';

/** For the help text of a command that can be steered. */
export const KEYS_HELP = `
Keys, on a terminal: space pauses and resumes, n sends the next retry or event
now, + and - change the time scale, ? lists the keys, q stops as Ctrl-C does.
`;

const KEYS_TEXT = 'keys: space pause/resume, n next now, + faster, - slower, q stop, ? this';

/** From this scale on, waits are too short to see. */
const FASTEST: TimeScale = 1_000_000;
const STEPS = [1, 2, 5];

/** What keys act on. */
export interface Steered {
  /** One for each webhook; they move together. */
  readonly clocks: readonly MovableClock[];
  /** Ends all of it, as Ctrl-C does. */
  interrupt(): void;
  /** Shows the list of keys. */
  help(): void;
}

/**
 * Lets the user steer the clocks while the work goes on, and gives the terminal back when it is over. Without a
 * terminal, and where stdout is for programs, it is the work alone.
 */
export async function withKeys<T>(
  work: () => Promise<T>,
  {
    clocks,
    context,
    flags,
  }: { clocks: readonly MovableClock[]; context: CommandContext; flags: OutputFlags },
): Promise<T> {
  const { io } = context;
  if (!isLive(flags, context)) return work();
  const help = () => {
    io.stdout.write(CLEAR_LINE);
    context.print(context.chalk.dim(KEYS_TEXT));
  };
  const interrupt = () => {
    io.interrupt();
  };
  const stop = io.keyboard?.listen((key) => {
    pressKey(key, { clocks, interrupt, help });
  });
  try {
    return await work();
  } catch (error) {
    io.stdout.write(CLEAR_LINE);
    throw error;
  } finally {
    stop?.();
  }
}

/** A key that means nothing does nothing. */
export function pressKey(key: string, steered: Steered): void {
  ACTIONS[key.toLowerCase()]?.(steered);
}

const ACTIONS: Readonly<Record<string, (steered: Steered) => void>> = {
  ' ': ({ clocks }) => togglePause(clocks),
  n: ({ clocks }) => skipToNext(clocks),
  '+': ({ clocks }) => rescale(clocks, fasterThan),
  // Where + needs the shift key.
  '=': ({ clocks }) => rescale(clocks, fasterThan),
  '-': ({ clocks }) => rescale(clocks, slowerThan),
  q: (steered) => steered.interrupt(),
  '?': (steered) => steered.help(),
  h: (steered) => steered.help(),
};

function togglePause(clocks: readonly MovableClock[]): void {
  const isPaused = clocks.some((clock) => clock.isPaused);
  for (const clock of clocks) {
    if (isPaused) clock.resume();
    else clock.pause();
  }
}

/** All by as much as is left until the first of all that waits. */
function skipToNext(clocks: readonly MovableClock[]): void {
  const waiting = clocks.filter(({ leftMs }) => leftMs !== undefined);
  const [first] = waiting.toSorted((a, b) => (a.leftMs ?? 0) - (b.leftMs ?? 0));
  const leftMs = first?.leftMs;
  if (first === undefined || leftMs === undefined) return;
  first.skip();
  for (const clock of clocks) if (clock !== first) clock.move(leftMs);
}

function rescale(clocks: readonly MovableClock[], next: (scale: TimeScale) => TimeScale): void {
  const scale = next(clocks[0]?.scale ?? 1);
  for (const clock of clocks) clock.setScale(scale);
}

/** 1, 2, 5, 10, … 1 000 000, and then no waits at all. */
export function fasterThan(scale: TimeScale): TimeScale {
  if (scale >= FASTEST) return Number.POSITIVE_INFINITY;
  return ladderAround(scale).find((step) => step > scale) ?? scale;
}

/** Not below real time; what is slower already stays. */
export function slowerThan(scale: TimeScale): TimeScale {
  if (scale === Number.POSITIVE_INFINITY) return FASTEST;
  return scale <= 1 ? scale : (ladderAround(scale).findLast((step) => step < scale) ?? scale);
}

/** The steps of the scale's own power of ten, and one on each side. */
function ladderAround(scale: TimeScale): number[] {
  const power = Math.floor(Math.log10(scale));
  return [power - 1, power, power + 1].flatMap((exponent) =>
    STEPS.map((step) => Number(`${step}e${exponent}`)),
  );
}
