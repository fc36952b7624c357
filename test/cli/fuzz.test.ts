import { mkdir, writeFile } from 'node:fs/promises';
import { chdir, cwd } from 'node:process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createProgram } from '../../src/cli/program.ts';
import { CommandContext } from '../../src/cli/context.ts';
import { seededRandom } from '../../src/event/seeded-random.ts';
import type { Random } from '../../src/ports.ts';
import { startReceiver, type Receiver } from '../../src/receiver/start-receiver.ts';
import { runCli } from '../helpers/run-cli.ts';
import { SEED } from '../helpers/seed.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

/**
 * Command lines at random, run in this process: whatever a user types or keeps in files is a mistake of the user's or
 * none, and never ends with code 70. `HOOKCAST_FUZZ_RUNS` makes it longer, `HOOKCAST_SEED` draws others.
 */
const LONGEST_MS = 20_000;
/** However slow the machine is. */
const LEAST_RUNS = 100;
const DEFAULT_RUNS = process.env['HOOKCAST_TESTS'] === 'sample' ? 400 : 20_000;
const RUNS = Number(process.env['HOOKCAST_FUZZ_RUNS'] ?? DEFAULT_RUNS);

/** Left out: those that wait for Redis, start processes, or only end by Ctrl-C without more to read from flags. */
const COMMANDS = [
  ...[
    'send',
    'scenario',
    'load',
    'replay',
    'export',
    'record',
    'listen',
    'show',
    'explain',
    'sign',
    'verify',
  ],
  ...['events', 'schedule', 'fixtures', 'conform', 'resume', 'deliveries', 'delivery', 'resend', 'cancel'],
  ...['disable', 'doctor', 'addresses', 'worker', 'serve', 'health', 'completion', 'init'],
];
/** A run of these would go on for long, start commands of a shell, or leave this machine. */
const LEFT_OUT = new Set([
  '--redis',
  '--hook',
  '--oracle-cmd',
  '--open',
  '--wait',
  '--wait-for',
  '--workers',
  '--allow-remote',
  '--help',
]);
/** What ends here is written there: a name that is not a path would land in the folder that the tests run in. */
const WRITTEN = new Set([
  '--output',
  '--out',
  '--save',
  '--report',
  '--journal',
  '--log-file',
  '--write-baseline',
]);
/** Given always, so that each run is short and writes into the folder alone. */
const ALWAYS: Readonly<Record<string, readonly string[]>> = {
  send: ['--time-scale', 'instant'],
  scenario: ['--time-scale', 'instant'],
  replay: ['--time-scale', 'instant'],
  resume: ['--time-scale', 'instant'],
  resend: ['--time-scale', 'instant'],
  load: ['--time-scale', 'instant', '--count', '3', '--no-drain'],
  conform: ['--dry-run'],
  record: ['--port', '0'],
  listen: ['--port', '0'],
  serve: ['--port', '0'],
};

const home = cwd();
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let receiver: Receiver;
let files: string[];

beforeAll(async () => {
  folder = await temporaryFolder();
  receiver = await startReceiver({ secrets: [] });
  files = await writeFiles(folder.path);
  // Names of files are drawn too, and some runs write.
  chdir(folder.path);
});
afterAll(async () => {
  chdir(home);
  await receiver[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

const EVENT = {
  data: {
    type: 'event',
    id: 'evt_SampLeEventSampLeEvent11',
    attributes: {
      name: 'inquiry.approved',
      payload: {
        data: { type: 'inquiry', id: 'inq_abc', attributes: { 'created-at': '2026-01-01T00:00:00Z' } },
      },
      'created-at': '2026-01-01T00:00:00.000Z',
    },
  },
};
const STORY = { name: 's', steps: [{ event: 'inquiry.created', after: '0s' }] };
const OPENAPI = {
  openapi: '3.1.0',
  info: { title: 't', version: '1' },
  webhooks: { 'inquiry.approved': {} },
};
const HAR = {
  log: {
    entries: [
      {
        startedDateTime: '2026-01-31T12:00:00Z',
        request: { method: 'POST', url: 'http://a/', headers: [], postData: { text: '{}' }, bodySize: 2 },
      },
    ],
  },
};
const VALID: Readonly<Record<string, unknown>> = {
  'event.json': EVENT,
  'webhook.json': { url: 'http://127.0.0.1:1/', secret: 'wbhsec_a', 'enabled-events': ['*'] },
  'filter.json': { 'payload-filter': { data: { attributes: { constructor: 'x', __proto__: 1 } } } },
  'policy.json': { name: 'p', 'timeout-ms': 50, 'accepted-statuses': [200], 'delays-seconds': [1] },
  'scenario.json': STORY,
  'openapi.json': OPENAPI,
  'har.har': HAR,
  'baseline.json': ['SIG-01', 'NO-99'],
};
const SPECIAL: Readonly<Record<string, string | Buffer>> = {
  'deep.json': '['.repeat(20_000) + ']'.repeat(20_000),
  'deep-object.json': `${'{"data":'.repeat(6_000)}1${'}'.repeat(6_000)}`,
  'cut.json': '{"data":'.repeat(6_000),
  'empty.json': '',
  'bom.json': `\ufeff${JSON.stringify(EVENT)}`,
  'utf16.json': Buffer.from(JSON.stringify(EVENT), 'utf16le'),
  'latin1.json': Buffer.from('{"a":"\xe9"}', 'latin1'),
  'binary.bin': Buffer.from(Array.from({ length: 500 }, (_, index) => (index * 37) % 256)),
  'huge-number.json':
    '{"name":1e999,"timeout-ms":1e308,"delays-seconds":[1e308,-1],"accepted-statuses":[1e20]}',
  'proto.json': '{"__proto__":{"x":1},"constructor":{"prototype":null},"data":{"type":"__proto__"}}',
  'text.txt': 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}',
  'line.ndjson': '{"hookcast":1}\n{"method":"POST"}\n',
  'key.pem': '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n',
};

async function writeFiles(path: string): Promise<string[]> {
  const all = {
    ...Object.fromEntries(Object.entries(VALID).map(([name, value]) => [name, JSON.stringify(value)])),
    ...SPECIAL,
  };
  for (const [name, content] of Object.entries(all)) await writeFile(`${path}/${name}`, content);
  await mkdir(`${path}/folder`);
  return [
    ...Object.keys(all).map((name) => `${path}/${name}`),
    `${path}/folder`,
    `${path}/none.json`,
    '/dev/null',
  ];
}

const ODD = [
  ...[
    '',
    ' ',
    '0',
    '-1',
    '1',
    '2',
    '3.5',
    '1e9',
    '99999999999999999999',
    'NaN',
    'Infinity',
    '٣',
    '0x10',
    'a=b',
    '=',
  ],
  ...[
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    '__proto__.x=1',
    'constructor.x:=1',
    'a:=[1',
    'a:={}',
  ],
  ...[
    'inquiry.approved',
    'inquiry.aproved',
    'inquiry.*',
    'inquiry.*=1',
    'inquiry.*=1e400',
    '/a/b',
    '!name-*',
    '*',
  ],
  ...['2026-01-31T12:00:00Z', '2026-02-30', '2026', '1764686826', 'Jan 5', '9999-12-31', '0000-01-01'],
  ...['10s', '0s', '1h=1s', 'instant', '5/s', '0.5', '1.5', 'evt_abc', 'inq_abc', 'd1', 'x: y', ': y', 'x'],
  ...[
    'http://127.0.0.1:1/',
    'http://[::1',
    'localhost',
    'ftp://x',
    'http://u:p@h/',
    'http://8.8.8.8/',
    't=1,v1=ab',
  ],
  ...[
    '\u001b[31m',
    '\u0000',
    '\ud800',
    '\u202e',
    'é',
    'x'.repeat(5_000),
    '200,500',
    'slow:1ms',
    'html',
    'json',
  ],
];

function pick<T>(random: Random, items: readonly T[]): T {
  return items[random.below(items.length)] as T;
}

/** By command: its flags as commander knows them. */
async function flagsByCommand(): Promise<Map<string, { long: string; takesValue: boolean }[]>> {
  const found = new Map<string, { long: string; takesValue: boolean }[]>();
  for (const name of COMMANDS) {
    const output = { write: () => undefined, isTty: false, columns: 80 };
    const io = {
      ...{ stdout: output, stderr: output, env: {}, colorLevel: 0 as const },
      ...{ interrupted: new AbortController().signal, interrupt: () => undefined },
    };
    const program = await createProgram([name], new CommandContext(io));
    const command = program.commands.find((each) => each.name() === name)!;
    const deepest = command.commands[0] ?? command;
    const options = deepest.options.map(({ long, required }) => ({ long: long ?? '', takesValue: required }));
    found.set(
      name,
      options.filter(({ long }) => !LEFT_OUT.has(long)),
    );
  }
  return found;
}

function commandLine(
  random: Random,
  flags: ReadonlyMap<string, { long: string; takesValue: boolean }[]>,
): string[] {
  const name = pick(random, COMMANDS);
  const value = (flag = '') => {
    if (flag === '--to' && random.below(3) > 0) return receiver.url;
    if (flag === '--journal' && random.below(3) > 0) return `${folder.path}/journal-${random.below(3)}.db`;
    if (WRITTEN.has(flag) && random.below(3) > 0) return `${folder.path}/out-${random.below(5)}.json`;
    if (WRITTEN.has(flag)) return pick(random, files);
    return random.below(3) === 0 ? pick(random, files) : pick(random, ODD);
  };
  const argv = [name, ...(name === 'fixtures' ? ['import'] : []), ...(ALWAYS[name] ?? [])];
  for (let left = random.below(3); left > 0; left -= 1) argv.push(value());
  if (['send', 'show', 'explain'].includes(name)) argv.push('inquiry.approved');
  if (['doctor', 'addresses', 'worker'].includes(name) && random.below(10) === 0) return [...argv, '--help'];
  const known = flags.get(name) ?? [];
  // Some commands have no flags but those that are left out.
  for (let left = known.length === 0 ? 0 : random.below(5); left > 0; left -= 1) {
    const { long, takesValue } = pick(random, known);
    argv.push(long, ...(takesValue ? [value(long)] : []));
  }
  // What writes without being told to where writes into the folder.
  if (name === 'record') argv.push('--output', `${folder.path}/recording.ndjson`);
  if (name === 'init') argv.push('--folder', `${folder.path}/project`);
  if (['send', 'scenario', 'load', 'replay', 'record'].includes(name) && random.below(2) === 0)
    argv.push('--to', receiver.url);
  return argv;
}

function faultOf({ code, stderr }: { code: number; stderr: string }): string | undefined {
  if (code === 70) return 'a bug';
  if (/\n\s+at \S+ \(/.test(stderr)) return 'a stack';

  return /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/.test(stderr)
    ? 'a control character'
    : undefined;
}

test(
  `no command line ends as a bug (seed ${SEED})`,
  async () => {
    const random = seededRandom(SEED);
    const flags = await flagsByCommand();
    const endMs = performance.now() + LONGEST_MS;
    const codes = new Map<number, number>();
    const faults: string[] = [];
    let runs = 0;
    const mayGoOn = () =>
      runs <= LEAST_RUNS || performance.now() < endMs || 'HOOKCAST_FUZZ_RUNS' in process.env;
    for (; runs < RUNS && mayGoOn(); runs += 1) {
      const argv = commandLine(random, flags);
      const interrupted = AbortSignal.timeout(['listen', 'record', 'serve'].includes(argv[0]!) ? 5 : 10_000);
      const run = await runCli(argv, { interrupted });
      codes.set(run.code, (codes.get(run.code) ?? 0) + 1);
      const fault = faultOf(run);
      if (fault === undefined) continue;
      const shown = JSON.stringify(argv.map((word) => word.slice(0, 200)));
      const stderr = run.stderr.replace(/(.{300}).+/g, '$1…');
      faults.push(`${fault}: ${shown}\n${stderr}`);
    }
    const ended = JSON.stringify(Object.fromEntries(codes));
    process.stdout.write(`command lines: ${runs} runs, seed ${SEED}, by exit code: ${ended}\n`);
    expect(faults.slice(0, 10).join('\n')).toBe('');
    expect(runs).toBeGreaterThan(LEAST_RUNS);
    expect([...codes.keys()].sort((a, b) => a - b)).toEqual(expect.arrayContaining([0, 2]));
  },
  LONGEST_MS * 30 + Number(process.env['HOOKCAST_FUZZ_RUNS'] ?? 0) * 100,
);
