// A client whose base URL cannot be changed, in a process of its own: reads lines of JSON, answers each with one.
import { createInterface } from 'node:readline';
import https from 'node:https';

const BASE = 'https://withpersona.com/api/v1';
const HEADERS = { Authorization: 'Bearer persona_sandbox_app' };

const byHttps = (path) =>
  new Promise((resolve, reject) => {
    https
      .get({ hostname: 'api.withpersona.com', path: `/api/v1${path}`, headers: HEADERS }, (response) => {
        let text = '';
        response.on('data', (chunk) => (text += chunk));
        response.on('end', () => resolve(JSON.parse(text)));
      })
      .on('error', reject);
  });

for await (const line of createInterface({ input: process.stdin })) {
  const { method, url, body, way } = JSON.parse(line);
  const path = url.slice(url.indexOf('/api/v1') + '/api/v1'.length);
  const answer =
    way === 'https'
      ? { status: 200, body: await byHttps(path) }
      : await fetch(BASE + path, { method, headers: HEADERS, ...(body === undefined ? {} : { body }) }).then(
          async (response) => ({ status: response.status, body: await response.json() }),
        );
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
