import type * as z from 'zod';
import type { MovableClock } from '../../delivery/movable-clock.ts';
import type { clockSchema } from '../schemas/webhook.ts';
import { isoTime, roundedMs } from './iso-time.ts';

export function clockView(clock: MovableClock): z.output<typeof clockSchema> {
  const { isPaused, scale, movedMs, leftMs } = clock;
  return {
    now: isoTime(clock.now()),
    paused: isPaused,
    scale: Number.isFinite(scale) ? scale : 'instant',
    movedMs: roundedMs(movedMs),
    nextInMs: leftMs === undefined ? null : roundedMs(leftMs),
  };
}
