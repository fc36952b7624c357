import type * as z from 'zod';
import type { MovableClock } from '../../delivery/movable-clock.ts';
import { namedScale } from '../../delivery/time-scale.ts';
import type { clockSchema } from '../schemas/webhook.ts';
import { isoTime, roundedMs } from './iso-time.ts';

export function clockView(clock: MovableClock): z.output<typeof clockSchema> {
  const { isPaused, scale, movedMs, leftMs } = clock;
  return {
    now: isoTime(clock.now()),
    paused: isPaused,
    scale: namedScale(scale),
    movedMs: roundedMs(movedMs),
    nextInMs: leftMs === undefined ? null : roundedMs(leftMs),
  };
}
