import type { Command } from 'commander';
import { usesProject } from '../project/apply.ts';
import { addFlags, flagsOf, GROUP } from './flag.ts';

const CONFIG = flagsOf(GROUP.where, {
  config: {
    spelling: '--config <file>',
    description: 'the project file (default: hookcast.json here, or above up to the repository)',
  },
  noConfig: { spelling: '--no-config', description: 'ignore the project file' },
});

/** For the commands that have a flag of the project file. */
export function addConfigOptions(command: Command): void {
  if (usesProject(command)) addFlags(command, [inGroupsOf(command)]);
}

/** Under a heading only where the command's other flags have one. */
function inGroupsOf(command: Command) {
  const hasGroups = command.options.some(({ helpGroupHeading }) => helpGroupHeading === GROUP.where);
  return Object.values(CONFIG).map((flag) => (hasGroups ? flag : { ...flag, group: undefined }));
}
