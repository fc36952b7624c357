import { readdirSync, readFileSync } from 'node:fs';
import { chdir, cwd } from 'node:process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DEVELOPMENT_SECRET, Secret } from '../src/signing/sign.ts';
import { startReceiver, type Receiver } from '../src/receiver/start-receiver.ts';
import { runCli } from './helpers/run-cli.ts';
import { temporaryFolder, type TemporaryFolder } from './helpers/temporary-folder.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const pages = [
  'README.md',
  ...readdirSync(`${root}/docs`)
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

interface Shown {
  readonly page: string;
  readonly command: string;
  /** The lines that follow it in the page. */
  readonly output: string;
}

/** Every `$ hookcast …` of a console block, with the output that the page shows. */
function shownCommands(page: string): Shown[] {
  const text = readFileSync(`${root}/${page}`, 'utf8');
  return [...text.matchAll(/^```console\n([\s\S]*?)^```/gm)].flatMap(([, block = '']) =>
    block
      .split(/^\$ /m)
      .slice(1)
      .map((part) => {
        const [command = '', ...output] = part.split('\n');
        return { page, command, output: output.join('\n') };
      })
      .filter(({ command }) => command.startsWith('hookcast ')),
  );
}

const shown = pages.flatMap(shownCommands);

let receiver: Receiver;
let folder: TemporaryFolder;
const home = cwd();

beforeAll(async () => {
  receiver = await startReceiver({ secrets: [new Secret(DEVELOPMENT_SECRET)] });
  folder = await temporaryFolder();
  await folder.write('body.json', '{"n":100.0}');
  const example = /```json\n([\s\S]*?)```/.exec(readFileSync(`${root}/README.md`, 'utf8'))?.[1] ?? '';
  await folder.write('persona-webhook.json', example);
  chdir(folder.path);
});

afterAll(async () => {
  chdir(home);
  await receiver.close();
  await folder[Symbol.asyncDispose]();
});

/** The words of a command line as a shell would split it; a redirection is left out. */
function wordsOf(command: string): string[] {
  const words = command.replace(/\s>\s*\S+$/, '').match(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g) ?? [];
  return words.map((word) => word.replace(/'([^']*)'|"([^"]*)"/g, '$1$2')).slice(1);
}

function run({ command }: Shown) {
  const argv = wordsOf(command).map((word) =>
    word.replace(/http:\/\/(127\.0\.0\.1|localhost):3000/, receiver.url),
  );
  const controller = new AbortController();
  const isListening = argv[0] === 'listen';
  if (isListening) argv.push('--port', '0');
  return runCli(argv, {
    interrupted: controller.signal,
    onOutput: () => {
      if (isListening) controller.abort();
    },
  });
}

describe('every command that the pages show runs', () => {
  test('there are some', () => {
    expect(shown.length).toBeGreaterThan(8);
  });

  test.each(shown.map((row) => [row.page, row.command, row] as const))('%s: %s', async (_, command, row) => {
    const { code, stderr } = await run(row);
    expect(stderr).not.toContain('error:');
    expect(code).toBe(
      command.startsWith('hookcast listen') ? 130 : command.startsWith('hookcast verify') ? 1 : 0,
    );
  });

  test('verify prints what the README shows', async () => {
    const row = shown.find(({ command }) => command.startsWith('hookcast verify'))!;
    expect((await run(row)).stdout).toBe(row.output);
  });
});

test('the links between the pages lead somewhere', () => {
  for (const page of [...pages, 'CONTRIBUTING.md']) {
    const text = readFileSync(`${root}/${page}`, 'utf8');
    const base = new URL(page, `file://${root}`);
    for (const [, target = ''] of text.matchAll(/\]\((?!https?:)([^)#]+)/g)) {
      expect(() => readdirOrRead(fileURLToPath(new URL(target, base)))).not.toThrow();
    }
  }
});

function readdirOrRead(path: string): unknown {
  try {
    return readdirSync(path);
  } catch {
    return readFileSync(path);
  }
}

// The whole of it takes ten real seconds: test/cli/demo.test.ts.
test('the demo says what it will show, and ends at Ctrl-C', async () => {
  const over = new AbortController();
  const { code, stdout } = await runCli(['demo'], {
    interrupted: over.signal,
    onOutput: (text) => {
      if (text.includes('inquiry.approved')) over.abort();
    },
  });
  expect(stdout).toContain('A receiver on this machine will fail in four ways, then answer 200.\n');
  expect(stdout).toContain('cancelled');
  expect(code).toBe(130);
});
