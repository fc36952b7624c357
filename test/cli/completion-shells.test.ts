import { execFile, spawnSync } from 'node:child_process';
import { chmod } from 'node:fs/promises';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { BIN } from '../helpers/spawn-cli.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const run = promisify(execFile);
const valueOf = (line: string) => line.split('\t')[0];

/** A shell that must be there in CI. */
function lacks(shell: string): boolean {
  const isMissing = spawnSync(shell, ['--version']).error !== undefined;
  if (isMissing && process.env['CI'] === 'true') throw new Error(`${shell} is not installed`);
  return isMissing;
}

/** Runs the shell with `hookcast` being the built command. */
async function inShell(shell: string, argv: readonly string[]): Promise<string> {
  await using folder = await temporaryFolder();
  const path = await folder.write('hookcast', `#!/bin/sh\nexec ${process.execPath} ${BIN} "$@"\n`);
  await chmod(path, 0o755);
  const { stdout } = await run(shell, argv, {
    env: { ...process.env, PATH: `${folder.path}:${process.env['PATH'] ?? ''}` },
  });
  return stdout;
}

describe('the completion script works', () => {
  test.skipIf(lacks('bash'))('in bash', async () => {
    const script = `eval "$(hookcast completion bash)"
COMP_WORDS=(hookcast send inquiry.app); COMP_CWORD=2; _hookcast; printf '%s\\n' "\${COMPREPLY[@]}"
COMP_WORDS=(hookcast conform --profile ""); COMP_CWORD=3; _hookcast; printf '%s\\n' "\${COMPREPLY[@]}"
complete -p hookcast`;
    expect(await inShell('bash', ['-c', script])).toBe(
      'inquiry.approved\ncore\nstrict\nprobe\nsoak\nload\ncomplete -o default -F _hookcast hookcast\n',
    );
  });

  test.skipIf(lacks('zsh'))('in zsh', async () => {
    const script = `compdef() { print "compdef $*" }; _describe() { print -l -- "\${(@P)2}" }; _files() { print files }
eval "$(hookcast completion zsh)"
words=(hookcast send inquiry.app); CURRENT=3; _hookcast
words=(hookcast completion ''); CURRENT=3; _hookcast
words=(hookcast send --ca ''); CURRENT=4; _hookcast`;
    expect(await inShell('zsh', ['-f', '-c', script])).toBe(
      'compdef _hookcast hookcast\ninquiry.approved:\nbash:\nzsh:\nfish:\npowershell:\nfiles\n',
    );
  });

  test.skipIf(lacks('fish'))('in fish', async () => {
    const script = `hookcast completion fish | source
for line in "send inquiry.app" "conform --profile " "send --time" "send --ca tsconfig.b"
  complete -C "hookcast $line"
end`;
    expect((await inShell('fish', ['--no-config', '-c', script])).split('\n').map(valueOf)).toEqual([
      ...['inquiry.approved', 'core', 'load', 'probe', 'soak', 'strict', '--time-scale'],
      ...['tsconfig.build.json', ''],
    ]);
  });
});
