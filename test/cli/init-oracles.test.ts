import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseOracleAnswer } from '../../src/conformance/oracles.ts';
import { freePort } from '../helpers/free-port.ts';
import { runCli } from '../helpers/run-cli.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

describe('the oracle that init writes', () => {
  type Start = (file: string, port: number) => readonly [string, ...string[]];
  const oracles: { mark: string; file: string; start: Start; program?: string }[] = [
    { mark: 'package.json', file: 'oracle.mjs', start: (file) => [process.execPath, file] },
    { mark: 'Gemfile', file: 'oracle.rb', start: (file) => ['ruby', file] },
    { mark: 'pyproject.toml', file: 'oracle.py', start: (file) => ['python3', file] },
    { mark: 'go.mod', file: 'oracle.go', program: 'go', start: builtByGo },
    { mark: 'pom.xml', file: 'Oracle.java', program: 'java', start: (file) => ['java', file] },
    {
      ...{ mark: 'composer.json', file: 'oracle.php', program: 'php' },
      start: (file, port) => ['php', '-S', `127.0.0.1:${port}`, file],
    },
  ];
  const has = ({ program }: { program?: string }) =>
    program === undefined || spawnSync('which', [program]).status === 0;
  test.each(oracles.filter(has))(
    'in $file answers as conform expects',
    { timeout: 90_000 },
    async ({ mark, file, start }) => {
      await using folder = await temporaryFolder();
      await folder.write(mark, '');
      await runCli(['init', '--folder', folder.path, '--yes']);
      const port = await freePort();
      const [program, ...argv] = start(join(folder.path, 'hookcast', file), port);
      const child = spawn(program, argv, {
        env: { ...process.env, ORACLE_PORT: String(port) },
        stdio: 'ignore',
      });
      const failed = once(child, 'exit').then(([code]) =>
        Promise.reject(new Error(`ended with ${String(code)}`)),
      );
      failed.catch(() => undefined);
      try {
        const text = await Promise.race([failed, answerOf(`http://127.0.0.1:${port}/`)]);
        expect(parseOracleAnswer(text, 'oracle').processed('evt_1')).toBe(0);
      } finally {
        child.kill('SIGKILL');
      }
    },
  );
});

/** `go run` would be the parent of what listens, and outlived by it. */
function builtByGo(file: string): [string] {
  const binary = `${file}.out`;
  const { status, stderr } = spawnSync('go', ['build', '-o', binary, file], {
    env: { ...process.env, GO111MODULE: 'off' },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return [binary];
}

/** Asks until the program listens. */
async function answerOf(url: string): Promise<string> {
  for (;;) {
    const response = await fetch(url).catch(() => undefined);
    if (response !== undefined) return response.text();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
