// Kills commands by the hundred while they work, and says what became of their deliveries.
// Usage: npm run kills [-- --kills 1000] [--seed 1]
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

/** Of a hundred kills. The more costly one is, the fewer. */
const SHARES = { resume: 38, send: 14, scenario: 12, load: 12, workers: 12, enqueuers: 12 };
const FILES = [
  'test/journal/kill.test.ts',
  'test/journal/command-kill.test.ts',
  'test/journal/load-kill.test.ts',
  'test/queue/kill.test.ts',
  'test/queue/enqueue-kill.test.ts',
];

const { values } = parseArgs({
  options: { kills: { type: 'string', default: '1000' }, seed: { type: 'string', default: 'random' } },
});
const seed = values.seed === 'random' ? String(1 + Math.floor(Math.random() * 2 ** 31)) : values.seed;
const asked = Object.fromEntries(
  Object.entries(SHARES).map(([kind, share]) => [
    `HOOKCAST_KILLS_${kind.toUpperCase()}`,
    String(Math.ceil((Number(values.kills) * share) / 100)),
  ]),
);
console.log(`${values.kills} kills, seed ${seed}`);
const startedMs = performance.now();
const { code, output } = await vitest({ ...process.env, ...asked, CI: 'true', HOOKCAST_SEED: seed });

const line = /^kills: (\w+) (\d+), (\d+) deliveries: (\d+) lost, (\d+) settled twice/gm;
const tolls = [...output.matchAll(line)].map(([, kind, ...numbers]) => ({
  kind,
  numbers: numbers.map(Number),
}));
const sum = (at) => tolls.reduce((total, { numbers }) => total + numbers[at], 0);
const kinds = tolls.map(({ kind, numbers: [kills] }) => `${kind} ${kills}`).join(', ');
const missing = Object.keys(SHARES).filter((kind) => !tolls.some((toll) => toll.kind === kind));
const seconds = Math.round((performance.now() - startedMs) / 1000);
if (missing.length > 0) console.log(`without a result: ${missing.join(', ')}`);
console.log(
  `${sum(0)} kills in ${seconds} s (${kinds}), ${sum(1)} deliveries: ${sum(2)} lost, ${sum(3)} settled twice (seed ${seed})`,
);
process.exitCode = code === 0 && missing.length === 0 ? 0 : 1;

/** Its output is shown, and kept. A second try would hide what the first one has found. */
function vitest(env) {
  const entry = fileURLToPath(new URL('vitest.mjs', import.meta.resolve('vitest/package.json')));
  const argv = [entry, 'run', '--retry', '0', ...FILES];
  const child = spawn(process.execPath, argv, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    output += text;
    process.stdout.write(text);
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, output })));
}
