// Runs test files many times and says how often each missed, with the tests that did and why. A test that misses once in
// fifty runs is wrong: CI does not retry. Usage: npm run repeat -- <files...> [--times 50] [--at-once 2] [--mode sample]
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values, positionals: files } = parseArgs({
  allowPositionals: true,
  options: {
    times: { type: 'string', default: '50' },
    // More than there are cores shows what is only quick enough on a quiet machine.
    'at-once': { type: 'string', default: '2' },
    mode: { type: 'string', default: 'test' },
  },
});
const [times, atOnce] = [values.times, values['at-once']].map(Number);
if (files.length === 0 || !(times >= 1) || !(atOnce >= 1)) {
  console.error('usage: npm run repeat -- <files...> [--times 50] [--at-once 2] [--mode sample]');
  process.exit(2);
}
const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'hookcast-repeat-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

for (const file of files) {
  const misses = await repeated(file);
  console.log(`${file}: ${times} runs, ${misses.length} missed`);
  for (const [what, count] of counted(misses.flat())) console.log(`  ${count} × ${what}`);
  if (misses.length > 0) process.exitCode = 1;
}

/** What failed, for each run that missed. */
async function repeated(file) {
  const misses = [];
  let begun = 0;
  const lane = async () => {
    while (begun < times) {
      const failed = await runOnce(file, (begun += 1));
      if (failed.length > 0) misses.push(failed);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  return misses;
}

async function runOnce(file, number) {
  const output = join(folder, `${number}.json`);
  const vitest = ['node_modules/vitest/vitest.mjs', 'run', file, '--mode', values.mode, '--retry', '0'];
  const child = spawn(process.execPath, [...vitest, '--reporter', 'json', '--outputFile', output], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let errors = '';
  child.stderr.on('data', (chunk) => (errors += chunk));
  const code = await new Promise((resolve) => child.on('close', resolve));
  return code === 0 ? [] : failures(output, errors);
}

/** A run can also fail as a whole: an error outside of tests, or no test at all. */
function failures(output, errors) {
  let results = [];
  try {
    results = JSON.parse(readFileSync(output, 'utf8')).testResults;
  } catch {
    // The last lines below say it.
  }
  const failed = results.flatMap(({ assertionResults }) =>
    assertionResults
      .filter(({ status }) => status === 'failed')
      .map(({ fullName, failureMessages: [message = ''] }) => `${fullName}\n      ${firstLines(message)}`),
  );
  return failed.length > 0 ? failed : [`outside of its tests\n      ${firstLines(errors.trim())}`];
}

function firstLines(text) {
  return text.split('\n').slice(0, 12).join('\n      ');
}

function counted(texts) {
  const counts = new Map();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}
