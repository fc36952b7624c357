import { execFile, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { Secret, sign } from '../src/signing/sign.ts';
import { pages, read } from './helpers/docs-pages.ts';
import { temporaryFolder, type TemporaryFolder } from './helpers/temporary-folder.ts';

const run = promisify(execFile);
const SECRET = 'wbhsec_abcdefgh-1234-5678-9ijk-lmnopqrstuvw';

interface Snippet {
  /** For people: `sig.md, js 1`. */
  readonly name: string;
  readonly page: string;
  readonly language: string;
  readonly code: string;
  /** The file that the line above the block names, when it begins with one. */
  readonly file: string | undefined;
}

const snippets = pages.flatMap(snippetsOf);

function snippetsOf(page: string): Snippet[] {
  const blocks = read(page).matchAll(/^(?:`(\S+\.\w+)`[^\n]*\n\n)?```(js|python|ruby)\n(.*?)^```/gms);
  return [...blocks].map(([, file, language = '', code = ''], index) => ({
    name: `${page}, block ${index + 1} (${language})`,
    ...{ page, language, code, file },
  }));
}

function snippetOf(file: string): string {
  const snippet = snippets.find((candidate) => candidate.file === file);
  if (snippet === undefined) throw new Error(`no page shows ${file}`);
  return snippet.code;
}

/** A program that a user may not have is no reason to fail; in CI it is. */
function isMissing(program: string): boolean {
  return !exists(program) && process.env['CI'] !== 'true';
}

function exists(program: string): boolean {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Each is a program that compiles the files of its arguments, and prints for each what is wrong with it, or null. */
const CHECKERS = {
  js: {
    program: 'node',
    extension: 'mjs',
    args: [
      ...['--no-warnings', '--experimental-vm-modules', '--input-type=module', '--eval'],
      `import { readFileSync } from 'node:fs';
       import { SourceTextModule } from 'node:vm';
       const problem = (file) => {
         try {
           new SourceTextModule(readFileSync(file, 'utf8'));
           return null;
         } catch (error) {
           return String(error);
         }
       };
       console.log(JSON.stringify(process.argv.slice(1).map(problem)));`,
    ],
  },
  python: {
    program: 'python3',
    extension: 'py',
    args: [
      '-c',
      [
        'import json, sys',
        'def problem(file):',
        '    try:',
        '        compile(open(file, encoding="utf-8").read(), file, "exec")',
        '    except SyntaxError as error:',
        '        return str(error)',
        'print(json.dumps([problem(file) for file in sys.argv[1:]]))',
      ].join('\n'),
    ],
  },
  ruby: {
    program: 'ruby',
    extension: 'rb',
    args: [
      ...['-r', 'json', '-e'],
      `problem = ->(file) do
         RubyVM::InstructionSequence.compile_file(file)
         nil
       rescue SyntaxError => error
         error.message
       end
       print JSON.generate(ARGV.map(&problem))`,
    ],
  },
} as const;

/** What is wrong with each of these texts, or null; in one process for all of them. */
async function problemsIn(codes: readonly string[], language: keyof typeof CHECKERS): Promise<unknown[]> {
  const { program, extension, args } = CHECKERS[language];
  await using own = await temporaryFolder();
  const files = await Promise.all(codes.map((code, index) => own.write(`${index}.${extension}`, code)));
  const { stdout } = await run(program, [...args, ...files]);
  return JSON.parse(stdout) as unknown[];
}

let folder: TemporaryFolder;
beforeAll(async () => {
  folder = await temporaryFolder();
  for (const file of ['verify-persona.mjs', 'server.mjs', 'verify_persona.py', 'persona_webhook.rb']) {
    await folder.write(file, snippetOf(file));
  }
});
afterAll(() => folder[Symbol.asyncDispose]());

const LANGUAGES = Object.keys(CHECKERS) as (keyof typeof CHECKERS)[];

describe.each(LANGUAGES)('%s in the pages', (language) => {
  const ofLanguage = snippets.filter((snippet) => snippet.language === language);
  const isSkipped = isMissing(CHECKERS[language].program);
  let problems: unknown[];

  beforeAll(async () => {
    if (!isSkipped) problems = await problemsIn([...ofLanguage.map(({ code }) => code), '('], language);
  });

  test('is there', () => {
    expect(ofLanguage.length).toBeGreaterThan(10);
  });

  test.skipIf(isSkipped).each(ofLanguage)('is well-formed: $name', (snippet) => {
    expect(problems[ofLanguage.indexOf(snippet)]).toBe(null);
  });

  test.skipIf(isSkipped)('would be found out if it were not', () => {
    expect(problems.at(-1)).toMatch(/unexpected|never closed|EOF/i);
  });
});

const NOW = 1_764_686_826;
const body = Buffer.from('{"data":{"type":"event","id":"evt_1","score":100.0,"name":"Zoë 東京"}}');
const [mine, other] = [new Secret(SECRET), new Secret('wbhsec_00000000-1111-2222-3333-444444444444')];
const signed = (secrets: Secret[], timestampSeconds = NOW, signedBody = body) =>
  sign(signedBody, secrets, timestampSeconds);
const good = signed([mine]);
const [t = '', v1 = ''] = good.split(',v1=');

/** What the verification of the pages must say of a header. */
const HEADERS: readonly { name: string; header: string | null; isGenuine: boolean }[] = [
  { name: 'genuine', header: good, isGenuine: true },
  { name: 'rotation, mine first', header: signed([mine, other]), isGenuine: true },
  { name: 'rotation, mine second', header: signed([other, mine]), isGenuine: true },
  { name: 'each set with its own t', header: `${signed([other], NOW - 1)} ${good}`, isGenuine: true },
  { name: 'an unreadable set before it', header: `t=x,v1=zz ${good}`, isGenuine: true },
  { name: 'as old as allowed', header: signed([mine], NOW - 300), isGenuine: true },
  { name: 'too old', header: signed([mine], NOW - 301), isGenuine: false },
  { name: 'too far ahead', header: signed([mine], NOW + 301), isGenuine: false },
  { name: 'missing', header: null, isGenuine: false },
  { name: 'empty', header: '', isGenuine: false },
  { name: 'another secret', header: signed([other]), isGenuine: false },
  { name: 'two foreign sets', header: signed([other, other]), isGenuine: false },
  { name: 'the t of another set', header: good.replace(t, `t=${NOW + 1}`), isGenuine: false },
  { name: 'another body', header: signed([mine], NOW, Buffer.from('{}')), isGenuine: false },
  { name: 'a short v1', header: `${t},v1=${v1.slice(0, 63)}`, isGenuine: false },
  { name: 'an empty v1', header: `${t},v1=`, isGenuine: false },
  { name: 'a long v1', header: `${t},v1=${v1}0`, isGenuine: false },
  { name: 'no hex', header: `${t},v1=${'z'.repeat(64)}`, isGenuine: false },
  { name: 'another label', header: good.replace('v1=', 'v2='), isGenuine: false },
  { name: 'no text at all', header: '=;;,é', isGenuine: false },
  { name: 'endless', header: `${signed([other])} `.repeat(200) + good, isGenuine: false },
];

describe('the verification of sig.md', () => {
  const expected = HEADERS.map(({ name, isGenuine }) => ({ name, isGenuine }));
  const input = JSON.stringify({
    body: body.toString('base64'),
    secret: SECRET,
    now: NOW,
    headers: HEADERS.map(({ header }) => header),
  });
  const named = (answers: string) =>
    (JSON.parse(answers) as boolean[]).map((isGenuine, index) => ({ name: HEADERS[index]?.name, isGenuine }));

  test('Node: accepts what is genuine, in both positions of a rotation, and nothing else', async () => {
    const { isGenuine } = await importFrom('verify-persona.mjs');
    const answers = HEADERS.map(({ name, header }) => ({
      name,
      isGenuine: isGenuine(body, header ?? undefined, SECRET, NOW),
    }));
    expect(answers).toEqual(expected);
    expect(() => isGenuine(body, good, undefined, NOW)).toThrow('not set');
    expect(() => isGenuine(body, good, '', NOW)).toThrow('not set');
  });

  test.skipIf(isMissing('python3'))('Python: the same', async () => {
    const script = [
      'import base64, json, sys',
      'from verify_persona import is_genuine',
      'given = json.loads(sys.argv[1])',
      'body = base64.b64decode(given["body"])',
      'print(json.dumps([is_genuine(body, one, given["secret"], given["now"]) for one in given["headers"]]))',
    ].join('\n');
    const { stdout } = await run('python3', ['-c', script, input], { cwd: folder.path });
    expect(named(stdout)).toEqual(expected);
  });

  test.skipIf(isMissing('ruby'))('Ruby: the same', async () => {
    const script = [
      'require "./persona_webhook"',
      'given = JSON.parse(ARGV[0])',
      'webhook = PersonaWebhook.new(secret: given["secret"], queue: nil)',
      'body = given["body"].unpack1("m")',
      'print JSON.generate(given["headers"].map { |one| webhook.genuine?(body, one, given["now"]) })',
    ].join('\n');
    const { stdout } = await run('ruby', ['-e', script, input], { cwd: folder.path });
    expect(named(stdout)).toEqual(expected);
  });
});

describe('the receiver of sig.md, in plain Node', () => {
  const nowSeconds = () => Math.floor(Date.now() / 1000);
  const post = (url: string, header: string | undefined, sent = body) =>
    fetch(url, {
      method: 'POST',
      body: new Uint8Array(sent),
      headers: header === undefined ? {} : { 'Persona-Signature': header },
    });

  test('stores what is genuine and answers every request without a body', async () => {
    await folder.write(
      'enqueue.mjs',
      'export const stored = [];\nexport const enqueue = async (event) => stored.push(event.data.id);\n',
    );
    vi.stubEnv('PERSONA_WEBHOOK_SECRET', SECRET);
    vi.stubEnv('PORT', '0');
    const { server } = (await importFrom('server.mjs')) as { server: Server };
    try {
      if (!server.listening) await once(server, 'listening');
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks`;
      const noJson = Buffer.from('{');
      const answers = {
        genuine: await post(url, signed([other, mine], nowSeconds())),
        'with a query': await post(`${url}?a=1`, signed([mine], nowSeconds())),
        forged: await post(url, signed([other], nowSeconds())),
        unsigned: await post(url, undefined),
        'forged, no JSON': await post(url, 'abc', noJson),
        'signed, no JSON': await post(url, signed([mine], nowSeconds(), noJson), noJson),
        'too large': await post(url, 'abc', Buffer.alloc(3_000_000)),
        'another method': await fetch(url),
        'another path': await fetch(`${url}/x`),
      };
      const seen: Record<string, string> = {};
      for (const [name, response] of Object.entries(answers)) {
        seen[name] = `${response.status}${await response.text()}`;
      }
      expect(seen).toEqual({
        genuine: '200',
        'with a query': '200',
        forged: '401',
        unsigned: '401',
        'forged, no JSON': '401',
        'signed, no JSON': '400',
        'too large': '413',
        'another method': '405',
        'another path': '404',
      });
      expect((await importFrom('enqueue.mjs')).stored).toEqual(['evt_1', 'evt_1']);
    } finally {
      vi.unstubAllEnvs();
      server.close();
      server.closeAllConnections();
    }
  });

  test('does not start without a secret', async () => {
    const env = { ...process.env, PERSONA_WEBHOOK_SECRET: '' };
    await expect(run('node', [`${folder.path}/server.mjs`], { env })).rejects.toThrow('not set');
  });
});

function importFrom(file: string): Promise<any> {
  return import(pathToFileURL(`${folder.path}/${file}`).href);
}
