import type { AlarmClock } from '../ports.ts';
import { LONGEST_TIMEOUT_MS, steadyNow, wallSkewMs } from '../../delivery/system-clock.ts';

export const systemAlarmClock: AlarmClock = {
  now: steadyNow,
  skewMs: wallSkewMs,
  alarm: (ring) => {
    let timer: NodeJS.Timeout | undefined;
    const clear = () => clearTimeout(timer);
    return {
      clear,
      set: (atMs) => {
        clear();
        const waitMs = Math.max(1, Math.ceil(atMs - steadyNow()));
        timer = setTimeout(ring, Math.min(waitMs, LONGEST_TIMEOUT_MS));
      },
    };
  },
};
