import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { LANGUAGES } from '../../src/inspector/copy/languages.ts';
import { copiedRequest } from '../../src/inspector/copy/request.ts';

describe('a request copied as a program', () => {
  const nasty = `{"a":"it's \\"#{1}\\" $HOME \`id\` \\\\ é 😀 \\u0001 %s"}`;
  const text = copiedRequest('http://127.0.0.1:1/hook?a=1&b=2', { 'X-A': "it's #{2} $x" }, { body: nasty });
  const binary = copiedRequest('http://127.0.0.1:1/', {}, { body: 'AP/+', bodyEncoding: 'base64' });
  const written = (name: string, request = text) =>
    LANGUAGES.find((language) => language.name === name)?.write(request) ?? '';

  /** The program up to where it sends, with a line that prints its body. */
  const RUNS = [
    {
      name: 'Python',
      run: (program: string) => [
        'python3',
        ['-c', `${program.split('request = ')[0] ?? ''}\nimport sys; sys.stdout.buffer.write(body)`],
      ],
    },
    {
      name: 'Ruby',
      run: (program: string) => [
        'ruby',
        ['-e', `${program.split('puts ')[0] ?? ''}\n$stdout.binmode.write body`],
      ],
    },
    {
      name: 'curl',
      run: (program: string) => [
        'sh',
        [
          '-c',
          `curl() { while [ $# -gt 1 ]; do shift; done; if [ "$1" = @- ]; then cat; else printf %s "$1"; fi; }\n${program}`,
        ],
      ],
    },
  ] as const;

  test.each(RUNS)('$name has the very bytes of the body', ({ name, run }) => {
    for (const [request, bytes] of [
      [text, Buffer.from(nasty)],
      [binary, Buffer.from('AP/+', 'base64')],
    ] as const) {
      const [command, flags] = run(written(name, request)) as [string, string[]];
      const { stdout, error } = spawnSync(command, flags, { stdio: ['ignore', 'pipe', 'inherit'] });
      if (error !== undefined && process.env['CI'] !== 'true') return; // This language is not installed.
      expect(stdout).toEqual(bytes);
    }
  });

  test('the others quote by the rules of their languages', () => {
    expect(written('Go')).toContain(`body := strings.NewReader(${JSON.stringify(nasty)})`);
    expect(written('Java')).toContain(`.header("X-A", "it's #{2} $x")`);
    expect(written('PHP')).toContain(`'X-A: it\\'s #{2} $x'`);
    expect(written('PHP', binary)).toContain(`base64_decode('AP/+')`);
  });
});
