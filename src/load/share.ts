import { UsageError } from '../errors.ts';
import type { LoadPlan, Share } from './plan.ts';

/** @param together - how many events in a row are dealt out as one: they belong together */
export function isOwn(eventNumber: number, share: Share | undefined, together = 1): boolean {
  return share === undefined || Math.floor(eventNumber / together) % share.of === share.index;
}

/**
 * One plan for each worker. They differ in their share of the events and of the connections alone: rate, count and
 * seed remain those of the run, whose order everybody knows, so that each event is sent by one of them, when it
 * would have been sent without the others.
 * @throws {UsageError} when there are more of them than there is work for
 */
export function shareOut(plan: LoadPlan, workers: number): LoadPlan[] {
  checkWorkers(plan, workers);
  return Array.from({ length: workers }, (_, index) => ({
    ...plan,
    concurrency: Math.floor((plan.concurrency + workers - 1 - index) / workers),
    share: { index, of: workers },
  }));
}

function checkWorkers({ concurrency, count = Infinity }: LoadPlan, workers: number): void {
  if (workers > concurrency) {
    throw new UsageError(
      `${workers} workers for a concurrency of ${concurrency}: each needs a connection of its own; ` +
        `use at most ${concurrency} workers, or a concurrency of at least ${workers}`,
    );
  }
  if (workers > Math.max(1, count)) {
    throw new UsageError(`${workers} workers for ${count} events: use at most ${count} workers`);
  }
}
