import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { createSandbox } from '../../src/sandbox/create-sandbox.ts';

const run = promisify(execFile);
const path = (name: string) => new URL(name, import.meta.url).pathname;

test('a client in Python finds the webhook and the API in agreement', async () => {
  await using sandbox = await createSandbox();
  const { stdout } = await run('python3', [path('client.py'), `${sandbox.url}/api/v1`]);
  expect(stdout).toBe('approved\n');
});

const SCRIPT = `
import http from 'node:http';
import { get } from 'node:https';
const answers = [];
answers.push((await fetch('https://withpersona.com/api/v1/inquiries')).status);
answers.push((await fetch(new Request('https://api.withpersona.com/api/v1/inquiries', { method: 'POST', body: '{}' }))).status);
const status = (call) => new Promise((resolve, reject) => call((r) => { r.resume(); resolve(r.statusCode); }).on('error', reject));
answers.push(await status((done) => get('https://withpersona.com/api/v1/accounts', done)));
answers.push(await status((done) => get({ host: 'api.withpersona.com', path: '/api/v1/accounts' }, done)));
answers.push(await status((done) => http.get(process.env.OTHER, { headers: {} }, done)));
console.log(JSON.stringify(answers));
`;

function redirected(env: Record<string, string>, script = SCRIPT) {
  const redirect = new URL('../../dist/library/redirect.js', import.meta.url).href;
  return run(process.execPath, ['--import', redirect, '--input-type=module', '-e', script], {
    env: { PATH: process.env['PATH'], ...env },
  });
}

test('hookcast/redirect: fetch, http and https for both hosts, and no others; it says so', async () => {
  await using sandbox = await createSandbox();
  await using other = await createSandbox();
  const { stdout, stderr } = await redirected({
    HOOKCAST_SANDBOX_URL: sandbox.url,
    OTHER: `${other.url}/nowhere`,
  });
  expect(JSON.parse(stdout)).toEqual([401, 401, 401, 401, 404]);
  expect(stderr).toBe(`hookcast: requests to Persona's API go to ${sandbox.url}\n`);
});

test('hookcast/redirect does nothing in production', async () => {
  const script = 'console.log(String(fetch).includes("redirected"))';
  const { stdout, stderr } = await redirected({ NODE_ENV: 'production' }, script);
  expect([stdout, stderr]).toEqual(['false\n', '']);
});
