import { Argument } from 'commander';
import { SCRIPTS, SHELLS, type Shell } from '../completion/scripts.ts';
import type { ConfigureCommand } from '../context.ts';

const EXAMPLES = `
Examples:
  $ hookcast completion bash > hookcast.bash

Put one of these where your shell starts:
  bash        eval "$(hookcast completion bash)"
  zsh         eval "$(hookcast completion zsh)"         (after compinit)
  fish        hookcast completion fish | source
  PowerShell  hookcast completion powershell | Out-String | Invoke-Expression
`;

export const configure: ConfigureCommand = (command, context) => {
  command
    .addArgument(new Argument('<shell>').choices(SHELLS))
    .addHelpText('after', EXAMPLES)
    .action((shell: Shell) => context.print(SCRIPTS[shell].trimEnd()));
};
