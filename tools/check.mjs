// The checks of a commit, with what each took; the tests are those of npm test, with coverage. Usage: npm run check
// Steps that need one core run two at a time; their output comes when they have ended, that of the tests at once.
import { spawn } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** One after the other; in each the longest first. */
const GROUPS = [
  [
    ['npx', 'eslint', '.'],
    ['npx', 'tsc', '-p', '.'],
    ['npx', 'tsc', '-p', 'src/inspector'],
    ['npx', 'prettier', '--check', '--log-level', 'warn', '.'],
  ],
  [['npm', 'run', '--silent', 'clean']],
  [['npm', 'run', '--silent', 'build']],
  [
    ['npx', 'publint', '--strict'],
    ['npx', 'attw', '--pack', '.', '--profile', 'esm-only'],
    ['npx', 'knip'],
  ],
  [['npm', 'run', '--silent', 'coverage']],
];

for (const group of GROUPS) {
  const codes = await sideBySide(group);
  const failed = group.filter((_, index) => codes[index] !== 0);
  if (failed.length === 0) continue;
  console.error(`failed: ${failed.map((step) => step.join(' ')).join(', ')}`);
  process.exit(1);
}

/** Two at a time. @returns the exit code of each */
async function sideBySide(steps) {
  const codes = [];
  const waiting = steps.map((step, index) => ({ step, index }));
  const lane = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
      codes[next.index] = await run(next.step);
  };
  await Promise.all([lane(), lane()]);
  return codes;
}

function run([command, ...args]) {
  const begin = performance.now();
  const isLoud = args.includes('coverage');
  const child = spawn(command, args, {
    cwd: root,
    // Packing would clean and build once more.
    env: { ...process.env, ...(command === 'npx' ? { npm_config_ignore_scripts: 'true' } : {}) },
    stdio: isLoud ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
  });
  const chunks = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => chunks.push(chunk));
  return new Promise((resolve) => {
    child.on('close', (code) => {
      process.stdout.write(Buffer.concat(chunks));
      const seconds = ((performance.now() - begin) / 1000).toFixed(1);
      console.log(`${code === 0 ? '✓' : '✗'} ${[command, ...args].join(' ')} (${seconds} s)`);
      resolve(code ?? 1);
    });
  });
}
