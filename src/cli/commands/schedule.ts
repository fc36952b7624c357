import { REAL_TIME } from '../../delivery/time-scale.ts';
import { scheduleTable } from '../../report/text.ts';
import type { CommandContext } from '../context.ts';
import { commandOf } from '../flags/flag.ts';
import { TIMING, resolvePolicy, type PolicyFlags } from '../flags/timing.ts';

const EXAMPLES = `
Examples:
  $ hookcast schedule
  $ hookcast schedule --policy persona-2026 --time-scale 1h=1s
  $ hookcast schedule --policy ./my-policy.json

A policy file: {"name": "mine", "timeout-ms": 5000, "accepted-statuses": [200], "delays-seconds": [3, 66]}
`;

export const configure = commandOf({ flags: [TIMING], help: EXAMPLES, run: schedule });

async function schedule(flags: PolicyFlags, context: CommandContext): Promise<void> {
  const policy = await resolvePolicy(flags);
  context.print(
    `${policy.name}: ${policy.timeoutMs / 1000} s per attempt, accepted: ${policy.acceptedStatuses.join(', ')}`,
  );
  context.print(`source: ${policy.source}`);
  context.print();
  context.print(scheduleTable(policy, flags.timeScale ?? REAL_TIME));
}
