import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Sandbox } from '../../src/sandbox/create-sandbox.ts';
import { testScenarios, type Client, type Fetch } from './scenarios.ts';

/** Requests are made by a process whose base URL is Persona's. */
function hardCoded(sandbox: Sandbox): Client {
  const redirect = new URL('../../dist/library/redirect.js', import.meta.url).href;
  const script = new URL('hard-coded.mjs', import.meta.url).pathname;
  const env = { ...process.env, HOOKCAST_SANDBOX_URL: sandbox.url, NODE_ENV: 'test' };
  const child = spawn(process.execPath, ['--import', redirect, script], {
    env,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const waiting: ((line: string) => void)[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => waiting.shift()?.(line));
  const fetch: Fetch = async (url, { method, body }) => {
    const line = await new Promise<string>((resolve) => {
      waiting.push(resolve);
      child.stdin.write(`${JSON.stringify({ method, url, body })}\n`);
    });
    const answer = JSON.parse(line);
    return new Response(JSON.stringify(answer.body), { status: answer.status });
  };
  return { baseUrl: 'https://withpersona.com/api/v1', fetch, stop: () => void child.kill() };
}

testScenarios('--import hookcast/redirect', hardCoded);
