// Pins a command to one core where the system can.
import { execFileSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

const CAN_PIN = availableParallelism() > 1 && works('taskset', ['-c', '0', 'true']);

/** @param core - undefined: wherever the system likes */
export function pinned(command, core) {
  return core === undefined || !CAN_PIN ? command : ['taskset', '-c', String(core), ...command];
}

export const isPinned = CAN_PIN;

export function works(program, args) {
  try {
    execFileSync(program, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
