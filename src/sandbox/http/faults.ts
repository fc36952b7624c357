import type { Fault } from '../faults.ts';
import { ApiError } from '../errors.ts';
import type { SandboxState } from '../sandbox-state.ts';

/** The fault that strikes this request; each is used up after as many as it was asked for. */
export function nextFault({ faults }: SandboxState): Fault | undefined {
  const found = faults.find(({ left }) => left > 0);
  if (found === undefined) return undefined;
  found.left -= 1;
  return found.fault;
}

/** @throws {ApiError} 429, 500 or 503 */
export async function strike(fault: Fault | undefined, { environment }: SandboxState): Promise<void> {
  switch (fault?.kind) {
    case undefined:
    case 'stale-read':
    case 'early-event':
      return;
    case 'latency':
      await environment.clock.during(() => environment.clock.sleep(fault.durationMs));
      return;
    case '429':
      throw new ApiError(429, 'The rate limit was reached: this fault was asked for.');
    case '500':
      throw new ApiError(500, 'This fault was asked for.');
    case '503':
      throw new ApiError(503, 'This fault was asked for.');
  }
}
