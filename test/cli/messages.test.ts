import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { startReceiver } from '../../src/receiver/start-receiver.ts';
import { DEVELOPMENT_SECRET, Secret } from '../../src/signing/sign.ts';
import { LOCALHOST_CERTIFICATE, LOCALHOST_KEY } from '../helpers/certificate.ts';
import { runCli, shown } from '../helpers/run-cli.ts';
import { tcpServer } from '../helpers/servers.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

test('a wrong URL of the environment is reported with the name of its variable', async () => {
  const run = await runCli(['send', 'inquiry.approved'], { env: { HOOKCAST_URL: 'garbage' } });
  expect(shown(run)).toMatchInlineSnapshot(`
    "error: HOOKCAST_URL: expected a URL that starts with http:// or https://; correct the variable, or pass --to
    exit code 2
    "
  `);
});

test('deliveries suggests the nearest name for an unknown event', async () => {
  await using folder = await temporaryFolder();
  await using receiver = await startReceiver({ secrets: [new Secret(DEVELOPMENT_SECRET)] });
  const journal = ['--journal', `${folder.path}/j.db`];
  await runCli(['send', 'inquiry.approved', '--to', receiver.url, ...journal]);
  const run = await runCli(['deliveries', ...journal, '--event', 'inquiry.aproved']);
  expect(shown(run)).toMatchInlineSnapshot(`
    "warning: --event inquiry.aproved: not an event of Persona's; did you mean inquiry.approved?
    no deliveries
    exit code 0
    "
  `);
});

test('conform that is interrupted in its first check says how far it came', async () => {
  let begun: () => void = () => undefined;
  const stop = new AbortController();
  const isBegun = new Promise<void>((resolve) => (begun = resolve));
  // Takes connections, and answers nothing but the first look at it.
  await using server = await tcpServer((socket) => {
    socket.once('data', (head: Buffer) => {
      if (head.toString().startsWith('HEAD')) socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
      else begun();
    });
  });
  void isBegun.then(() => stop.abort(new Error('interrupted')));
  const run = await runCli(['conform', '--to', server.url.href], { interrupted: stop.signal });
  const text = shown(run).replace(/^(Conformance: .*, )\S+ m?s$/m, '$1TIME');
  expect(text).toMatchInlineSnapshot(`
    "Conformance: profile core, seed N, TIME

    127.0.0.1:PORT  http://127.0.0.1:PORT/hook?a=1&b=%2F

      interrupted after 0 of 40 checks
    signing with the development secret wbhsec_00000000-dead-4000-8000-00000000beef: give it to your receiver, or pass --secret
    warning: interrupted: the report covers only the checks that had ended
    exit code 130
    "
  `);
});

test.each([
  ['--insecure', () => ['--insecure']],
  ['--ca', (ca: string) => ['--ca', ca]],
])('%s of conform also applies to the oracle', async (_, flagsOf) => {
  await using folder = await temporaryFolder();
  const ca = await folder.write('ca.pem', LOCALHOST_CERTIFICATE);
  let asked = 0;
  const received = () => receiver.received.filter(({ method }) => method === 'POST');
  await using receiver = await startReceiver({ secrets: [new Secret(DEVELOPMENT_SECRET)] });
  const server = createServer({ key: LOCALHOST_KEY, cert: LOCALHOST_CERTIFICATE }, (request, response) => {
    asked += 1;
    request.resume();
    // Else the check waits for what it sent.
    response.end(JSON.stringify([...new Set(received().map(({ body }) => idOf(body)))]));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const oracle = `https://localhost:${(server.address() as AddressInfo).port}/oracle`;
  const argv = ['conform', '--to', receiver.url, '--only', 'IDEM-02', '--oracle-url', oracle];
  const run = await runCli([...argv, ...flagsOf(ca)]);
  server.closeAllConnections();
  server.close();
  expect(run.code, run.stderr).toBe(0);
  expect(asked).toBeGreaterThan(0);
});

const idOf = (body: Buffer) => (JSON.parse(body.toString()) as { data: { id: string } }).data.id;
