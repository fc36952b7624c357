import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { examineNode } from '../../src/cli/doctor/examine.ts';
import { examineSecret } from '../../src/cli/doctor/secret.ts';
import { startReceiver } from '../../src/receiver/start-receiver.ts';
import { DEVELOPMENT_SECRET, Secret } from '../../src/signing/sign.ts';
import { LOCALHOST_CERTIFICATE, LOCALHOST_KEY } from '../helpers/certificate.ts';
import { runCli } from '../helpers/run-cli.ts';

const SECRET = 'wbhsec_01234567-89ab-4cde-8f01-23456789abcd';

describe('hookcast doctor', () => {
  test('finds nothing wrong with a right receiver', async () => {
    await using receiver = await startReceiver({ secrets: [new Secret(SECRET)] });
    const run = await runCli(['doctor', '--to', `${receiver.url}/webhooks`, '--secret', SECRET]);
    expect({ ...run, stdout: run.stdout.replace(/port \d+/, 'port N') }).toEqual({
      code: 0,
      stderr: '',
      stdout: `✓ Node        ${process.versions.node}
- project     no hookcast.json is used
✓ secret      has the form of Persona's secrets
✓ name        127.0.0.1 is an address
✓ connection  port N is open
- TLS         the URL is http
✓ path        /webhooks answers 200
✓ clock       agrees with this machine
✓ event       a genuine event is accepted: status 200
`,
    });
  });

  test('says which signature a receiver expects instead', async () => {
    await using receiver = await startReceiver({ secrets: [new Secret(SECRET.toUpperCase())] });
    const { code, findings } = await doctor(receiver.url, ['--secret', SECRET]);
    expect(code).toBe(1);
    const event = findings.find(({ what }) => what === 'event');
    expect(event).toMatchObject({ state: 'problem', seen: 'a genuine event is refused: status 401' });
    expect(event?.mend).toBeTruthy();
  });

  test.each<[string, RequestListener, string, string, string]>([
    [
      'a slash at the end',
      ({ url }, response) =>
        response.writeHead(url?.endsWith('/') === true ? 200 : 308, { location: `${url ?? ''}/` }).end(),
      ...([
        'path',
        '308: redirected to /webhooks/',
        'Persona follows no redirect: use URL/webhooks/, the slash at the end matters',
      ] as const),
    ],
    [
      'a login page',
      (_, response) => response.writeHead(302, { location: '/login' }).end(),
      ...([
        'path',
        '302: redirected to /login',
        'Persona follows no redirect: use the URL it leads to',
      ] as const),
    ],
    [
      'a wrong path',
      (_, response) => response.writeHead(404).end(),
      ...(['path', '404: no route at /webhooks', "check the path of your webhook's route"] as const),
    ],
    [
      'a route for GET',
      (_, response) => response.writeHead(405).end(),
      ...(['path', '405: /webhooks takes no POST', 'let the route take POST'] as const),
    ],
    [
      'a clock that is an hour behind',
      (_, response) =>
        response.writeHead(200, { date: new Date(Date.now() - 3_600_000).toUTCString() }).end(),
      'clock',
      "the receiver's clock is N s behind",
      'synchronise it (NTP): signatures carry a time, and receivers refuse old ones',
    ],
    [
      'a broken connection',
      (request) => request.socket.destroy(),
      ...(['answer', 'closed without an answer: is it https://?', "look at your server's log"] as const),
    ],
  ])('reports %s', async (_, listener, what, seen, mend) => {
    await using server = await listening(
      createServer((request, response) => {
        request.resume().on('end', () => listener(request, response));
      }),
    );
    const { code, findings } = await doctor(server.url, ['--secret', SECRET]);
    const found = findings.find((finding) => finding.what === what);
    const text = (sentence = '') => sentence.replace(server.url, 'URL').replace(/is \d+ s/, 'is N s');
    expect(code).toBe(1);
    expect([text(found?.seen), text(found?.mend)]).toEqual([seen, mend]);
  });

  test('reports a port on which nothing listens, and stops there', async () => {
    const server = await listening(createServer());
    await server[Symbol.asyncDispose]();
    const { code, findings } = await doctor(server.url, ['--secret', SECRET]);
    expect(code).toBe(1);
    expect(findings.map(({ what, state }) => `${what}: ${state}`)).toEqual([
      ...['Node: ok', 'project: skipped', 'secret: ok', 'name: ok', 'connection: problem'],
      ...['TLS: skipped', 'path: skipped', 'clock: skipped', 'event: skipped'],
    ]);
    expect(findings[4]?.seen).toBe('127.0.0.1: connection refused');
  });

  test('reports a certificate that is not trusted', async () => {
    const identity = { key: LOCALHOST_KEY, cert: LOCALHOST_CERTIFICATE };
    await using server = await listening(
      createTlsServer(identity, (_, response) => response.end()),
      'https',
    );
    const refused = await doctor(server.url, ['--secret', SECRET]);
    expect(refused.findings.find(({ what }) => what === 'TLS')).toMatchObject({
      state: 'problem',
      mend: 'send the intermediate certificates too; for a certificate of your own pass --ca <file.pem>',
    });
    const accepted = await doctor(server.url, ['--secret', SECRET, '--insecure']);
    expect(accepted.findings.find(({ what }) => what === 'TLS')?.state).toBe('warning');
  });

  test('refuses an address outside private networks', async () => {
    const { code, findings } = await doctor('http://203.0.113.5', ['--secret', SECRET]);
    expect(code).toBe(1);
    expect(findings[4]).toEqual({
      what: 'connection',
      state: 'problem',
      seen: '203.0.113.5 is outside this machine and private networks',
      mend: 'if the receiver is yours, pass --allow-remote',
    });
  });
});

test.each([
  [undefined, 'warning'],
  [DEVELOPMENT_SECRET, 'warning'],
  [SECRET, 'ok'],
  ['', 'problem'],
  [' \n', 'problem'],
  ['$PERSONA_WEBHOOK_SECRET', 'problem'],
  ['${PERSONA_WEBHOOK_SECRET}', 'problem'],
  [`"${SECRET}"`, 'warning'],
  [`${SECRET}\n`, 'warning'],
  ['abc', 'warning'],
])('the secret %j is judged by its form', (secret, state) => {
  const finding = examineSecret(secret);
  expect(finding.state).toBe(state);
  if (secret !== undefined && secret.length > 3 && secret !== DEVELOPMENT_SECRET) {
    expect(`${finding.seen} ${finding.mend ?? ''}`).not.toContain(secret);
  }
});

test.each([
  ['20.18.0', 'problem'],
  ['18.20.8', 'problem'],
  ['20.18.1', 'ok'],
  ['20.19.0', 'ok'],
  ['26.0.0', 'ok'],
])('Node %s is judged by its version', (version, state) => expect(examineNode(version).state).toBe(state));

interface Found {
  readonly what: string;
  readonly state: string;
  readonly seen: string;
  readonly mend?: string;
}

async function doctor(url: string, flags: readonly string[]): Promise<{ code: number; findings: Found[] }> {
  const { code, stdout } = await runCli(['doctor', '--json', '--to', `${url}/webhooks`, ...flags]);
  return {
    code,
    findings: stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Found),
  };
}

async function listening(server: ReturnType<typeof createServer>, protocol = 'http') {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${protocol}://${protocol === 'https' ? 'localhost' : '127.0.0.1'}:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
