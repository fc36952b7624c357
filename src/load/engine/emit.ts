import type { LoadAssignment, LoadDeps, LoadPlan } from '../plan.ts';
import type { LoadResult } from '../result.ts';
import { LoadRun } from './run.ts';

/**
 * Delivers the events of a source: first attempts at their rate, retries when they are due and before them.
 * Resolves when all is settled, whatever the receiver does.
 * @throws {HookcastError} for an address that nothing may be sent to, or a machine that cannot go on
 */
export function emit(source: LoadAssignment['source'], plan: LoadPlan, means: LoadDeps): Promise<LoadResult> {
  return new Promise((resolve, reject) => {
    new LoadRun({ source, plan, means, settle: { resolve, reject } }).start();
  });
}
