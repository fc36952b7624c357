import type { Command } from 'commander';

/** The flags that say what a run of deliveries prints. */
export interface OutputFlags {
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}

export function addOutputOptions(command: Command): Command {
  return command
    .option('--json', 'one JSON object per attempt and delivery on stdout (NDJSON)')
    .option('--quiet', 'print nothing but warnings and errors')
    .option('--verbose', 'also show what the receiver answered');
}
