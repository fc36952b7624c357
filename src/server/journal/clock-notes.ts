import type { ClockPlace } from '../../delivery/clock-place.ts';
import type { MovableClock } from '../../delivery/movable-clock.ts';
import { namedScale, REAL_TIME, scaleOfName, type TimeScale } from '../../delivery/time-scale.ts';
import type { Journal } from '../../journal/journal.ts';
import type { StandingClock } from '../../journal/resume-options.ts';
import type { Clock } from '../../ports.ts';
import type { ServedWebhook } from '../webhooks/served-webhook.ts';

const CLOCK = 'clock:';

interface ClockNote {
  /** Real time since when it stands still; null while it runs. */
  readonly pausedAtMs: number | null;
  readonly scale: TimeScale;
  /** The scale that the webhook was made with; what the command line says by now holds. */
  readonly base: TimeScale;
  readonly movedMs: number;
  readonly nowMs: number;
  /** Real time of all this. */
  readonly atMs: number;
}

/** Where the clocks of a server's webhooks stand; of one that was never touched nothing is written down. */
export class ClockNotes {
  readonly #journal: Journal;
  readonly #real: Clock;
  /** As the server before has left them. */
  readonly #left = new Map<string, ClockNote>();

  constructor(journal: Journal, real: Clock) {
    this.#journal = journal;
    this.#real = real;
    for (const [id, note] of journal.notes(CLOCK)) {
      const left = readNote(note);
      if (left !== undefined) this.#left.set(id, left);
    }
  }

  /** The scale that a webhook of the server before was made with. */
  baseOf(id: string): TimeScale | undefined {
    return this.#left.get(id)?.base;
  }

  /** Puts the clock of a new webhook where it stood, and writes down from now on where it stands. */
  keep({ id, clock }: ServedWebhook): void {
    const { scale: base } = clock;
    const left = this.#left.get(id);
    let pausedAtMs = left?.pausedAtMs ?? null;
    const note = () => {
      pausedAtMs = clock.isPaused ? (pausedAtMs ?? clock.changedAt.wallMs) : null;
      if (this.#journal.broken.aborted) return;
      this.#journal.note(CLOCK + id, { ...noteOf(clock, base), pausedAtMs });
    };
    if (left !== undefined) clock.take(placeNow(left, { base, realMs: this.#real.now() }));
    else if (clock.isPaused || base !== REAL_TIME) note();
    clock.onChange(note);
  }

  /** Since when the clock of a webhook stands still, where it did so before this server. */
  standing(id: string, nowMs: number): StandingClock | undefined {
    const left = this.#left.get(id);
    return left?.pausedAtMs == null ? undefined : { pausedAtMs: left.pausedAtMs, sinceMs: left.atMs, nowMs };
  }

  /** What waits on the clock is reckoned from this real time on. */
  stands({ id }: ServedWebhook, { nowMs: atMs }: StandingClock): void {
    this.#journal.note(CLOCK + id, { atMs });
  }

  forget(id: string): void {
    this.#left.delete(id);
    this.#journal.note(CLOCK + id, undefined);
  }
}

function noteOf({ movedMs, scale, changedAt }: MovableClock, base: TimeScale) {
  const { wallMs: atMs, simulatedMs: nowMs } = changedAt;
  return { movedMs, scale: namedScale(scale), base: namedScale(base), nowMs, atMs };
}

/** Undefined for what makes no sense. Without a schema: the start of the command loads none. */
function readNote(value: unknown): ClockNote | undefined {
  const { pausedAtMs = null, scale, base, movedMs, nowMs, atMs } = (value ?? {}) as Record<string, unknown>;
  const note = { pausedAtMs, scale: scaleOf(scale), base: scaleOf(base), movedMs, nowMs, atMs };
  const isWhole = Object.values({ ...note, pausedAtMs: pausedAtMs ?? 0 }).every(
    (member) => typeof member === 'number',
  );
  return isWhole ? (note as ClockNote) : undefined;
}

function scaleOf(name: unknown): TimeScale | undefined {
  return name === 'instant' || (typeof name === 'number' && name > 0) ? scaleOfName(name) : undefined;
}

/** One that is not paused went on meanwhile. */
function placeNow(
  left: ClockNote,
  { base, realMs }: { readonly base: TimeScale; readonly realMs: number },
): ClockPlace {
  const isPaused = left.pausedAtMs !== null;
  const scale = left.base === base ? left.scale : base;
  const passedMs = isPaused || !Number.isFinite(left.scale) ? 0 : (realMs - left.atMs) * left.scale;
  return { isPaused, scale, movedMs: left.movedMs, nowMs: left.nowMs + Math.max(0, passedMs) };
}
