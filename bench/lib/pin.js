// Pins a command to one core where the system can.
import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

const CAN_PIN = availableParallelism() > 1 && works('taskset', ['-c', '0', 'true']);

/** @param core - undefined: wherever the system likes */
export function pinned(command, core) {
  return core === undefined || !CAN_PIN ? command : ['taskset', '-c', String(core), ...command];
}

export const isPinned = CAN_PIN;

/** Is there such a program? @param statuses - that it ends with when all is well */
export function works(program, args, statuses = [0]) {
  return statuses.includes(spawnSync(program, args, { stdio: 'ignore' }).status);
}
