import type { Exchange } from '../../ports.ts';
import type { CheckContext, Sample } from '../check.ts';
import { countOf } from './effects.ts';

/** So often, with this pause before each, is a receiver asked that was just started. */
const TRIES = 20;
const PAUSE_MS = 500;

/** What fails: all that the receiver depends on, or only what it writes. */
export type Outage = 'dependency' | 'writes';

/** Does something during an outage, and always ends it. */
export async function duringOutage<T>(
  context: CheckContext,
  act: () => Promise<T>,
  outage: Outage = 'dependency',
): Promise<T> {
  await context.hook(`${outage}-down`);
  try {
    return await act();
  } finally {
    await context.hook(`${outage}-up`);
  }
}

/** Sends until something listens: a hook may return before the receiver does. The last exchange otherwise. */
export async function sendWhenUp(
  context: CheckContext,
  send: () => Promise<Exchange>,
  tries = TRIES,
): Promise<Exchange> {
  let exchange = await send();
  for (let tried = 1; tried < tries && exchange.kind === 'unreachable'; tried += 1) {
    await context.pause(PAUSE_MS);
    exchange = await send();
  }
  return exchange;
}

/** Restarts the receiver and waits until it takes an event again. */
export async function restart(context: CheckContext): Promise<Exchange> {
  await context.hook('restart');
  const sample = await context.sample();
  return sendWhenUp(context, () => context.send(sample, { label: 'after the restart' }));
}

/** Queues try a failed job again after half a minute or a whole one: 90 s in all. */
export const RETRY_PAUSES_MS: readonly number[] = [
  ...Array.from({ length: 10 }, () => 500),
  ...Array.from({ length: 34 }, () => 2_500),
];

/** How often an event was processed, with patience for a queue that only tries again after a while. */
export async function countInTheEnd(context: CheckContext, sample: Sample): Promise<number> {
  let count = await countOf(context, sample);
  for (const pauseMs of RETRY_PAUSES_MS) {
    if (count > 0) break;
    await context.pause(pauseMs);
    count = await countOf(context, sample);
  }
  return count;
}
