// What action.yml runs: starts the receiver if asked to, runs `hookcast conform`, and ends what it started.
// Inputs come as INPUT_… variables and become arguments of processes without a shell, so none can be read as code.
import { spawn } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The arguments of `hookcast conform` for a set of inputs.
 * @param {(name: string) => string} input - the value of an input, '' where it is not given
 */
export function conformArguments(input) {
  const lists = { to: lines(input('to')), only: names(input('only')), skip: names(input('skip')) };
  if (lists.to.length === 0) throw new Error('the input "to" is empty: give the URL of your receiver');
  const single = ['profile', 'webhook', 'baseline', 'oracle-url', 'wait-for'];
  const reports = input('reports') || 'hookcast-report';
  return [
    'conform',
    ...lists.to.flatMap((url) => ['--to', url]),
    ...(lists.only.length > 0 ? ['--only', lists.only.join(',')] : []),
    ...(lists.skip.length > 0 ? ['--skip', lists.skip.join(',')] : []),
    ...single.flatMap((name) => (input(name) === '' ? [] : [`--${name}`, input(name)])),
    ...(input('strict') === 'true' ? ['--strict'] : []),
    ...['html=report.html', 'json=report.json', 'junit=junit.xml'].flatMap((report) => {
      const [format, file] = report.split('=');
      return ['--report', `${format}=${join(reports, file)}`];
    }),
  ];
}

/** Words of a command line: separated by spaces, quoted with ' or ", a backslash escapes outside of '…'. */
export function words(text) {
  const parts = /'[^']*'|"(?:\\.|[^"\\])*"|\\.|[^\s'"\\]+/gs;
  const open = text.replaceAll(parts, '').match(/['"]/);
  if (open !== null) throw new Error(`the input "start" has a ${open[0]} without its end`);
  const found = text.match(new RegExp(`(?:${parts.source})+`, 'gs')) ?? [];
  return found.map((word) => word.replaceAll(parts, unquoted));
}

function unquoted(part) {
  if (part.startsWith("'")) return part.slice(1, -1);
  return (part.startsWith('"') ? part.slice(1, -1) : part).replaceAll(/\\(.)/gs, '$1');
}

/** The project's own hookcast where it has one, otherwise that of the version asked for. */
export function hookcast(folder, version) {
  const own = join(folder, 'node_modules', 'hookcast', 'bin', 'hookcast.js');
  if (existsSync(own)) return [process.execPath, own];
  if (!/^[\w.^~*-]+$/.test(version)) throw new Error(`the input "version" is not a version: ${version}`);
  return ['npx', '--yes', `hookcast@${version}`];
}

const lines = (text) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
const names = (text) => lines(text.replaceAll(',', '\n'));

async function main(env) {
  const input = (name) => (env[`INPUT_${name.toUpperCase().replaceAll('-', '_')}`] ?? '').trim();
  const folder = resolve(input('working-directory') || '.');
  const args = conformArguments(input);
  const [command, ...before] = hookcast(folder, input('version') || 'latest');
  mkdirSync(join(folder, input('reports') || 'hookcast-report'), { recursive: true });
  const server = start(words(input('start')), folder);
  // An argument would be seen by every process of the machine.
  const secret = input('secret') === '' ? {} : { PERSONA_WEBHOOK_SECRET: input('secret') };
  const code = await finished(
    spawn(command, [...before, ...args], { cwd: folder, stdio: 'inherit', env: { ...env, ...secret } }),
  );
  stop(server);
  if (env.GITHUB_OUTPUT) appendFileSync(env.GITHUB_OUTPUT, `exit-code=${code}\n`);
  return code;
}

function start([command, ...args], cwd) {
  if (command === undefined) return undefined;
  // In a group of its own, so that what it starts in turn ends with it.
  const server = spawn(command, args, { cwd, stdio: 'inherit', detached: true });
  server.on('error', (error) =>
    console.log(`::error title=hookcast::the receiver did not start: ${error.message}`),
  );
  return server;
}

function stop(server) {
  if (server?.pid === undefined || server.exitCode !== null) return;
  try {
    process.kill(-server.pid, 'SIGTERM');
  } catch {
    // It ended by itself.
  }
  server.unref();
}

function finished(child) {
  return new Promise((settle) => {
    child.on('error', (error) => {
      console.log(`::error title=hookcast::${error.message}`);
      settle(3);
    });
    child.on('exit', (code) => settle(code ?? 3));
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    process.exitCode = await main(process.env);
  } catch (error) {
    console.log(`::error title=hookcast::${error.message}`);
    process.exitCode = 2;
  }
}
