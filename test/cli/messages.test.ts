import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { startReceiver } from '../../src/receiver/start-receiver.ts';
import { DEVELOPMENT_SECRET, Secret } from '../../src/signing/sign.ts';
import { LOCALHOST_CERTIFICATE, LOCALHOST_KEY } from '../helpers/certificate.ts';
import { runCli, shown } from '../helpers/run-cli.ts';
import { tcpServer } from '../helpers/servers.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

test.each([['send', 'inquiry.approved'], ['conform'], ['record'], ['doctor']])(
  'a wrong URL of the environment is reported with the name of its variable: %s',
  async (...argv) => {
    const run = await runCli(argv, { env: { HOOKCAST_URL: 'garbage/' } });
    expect(run).toMatchObject({
      code: 2,
      stderr:
        'error: HOOKCAST_URL garbage/: expected a URL that starts with http:// or https://; ' +
        'did you mean http://garbage/?; correct the variable, or pass --to\n',
    });
  },
);

test.each([
  ['send', 'inquiry.approved', '--to', 'URL'],
  ['conform', '--to', 'URL'],
  ['conform', '--to', 'http://127.0.0.1:9/', '--oracle-url', 'URL'],
  ['doctor', '--to', 'URL'],
  ['record', '--to', 'URL'],
  ['verify', '-', '--signature', 't=1764686826,v1=00', '--to', 'URL'],
  ['health', 'URL'],
  ['serve', '--port', '0', '--cors-origin', 'URL'],
  ['serve', '--port', '0', '--allowed-host', 'URL'],
])('a login in a URL that cannot be used is not shown: %s %s', async (...argv) => {
  for (const url of [
    'http://me:hunter22@127.0.0.1:99999/',
    'htp://me:hunter22@h/',
    'https//me:hunter22@h/',
  ]) {
    const run = await runCli(argv.map((text) => (text === 'URL' ? url : text)));
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toContain('[secret]@');
    expect(run.stderr).not.toContain('hunter22');
  }
});

test.each([
  [{ url: 'localhost:3000' }, 'localhost:3000: expected a URL'],
  [{ url: 'http://localhost:3000', 'custom-http-headers': { Host: 'x' } }, "header 'Host': set by"],
  [{ url: 'http://localhost:3000', 'api-attributes-blocklist': ['a b'] }, "blocklist entry 'a b'"],
])('a webhook that no delivery could work with is reported with its file: %j', async (webhook, message) => {
  await using folder = await temporaryFolder();
  const path = await folder.write('webhook.json', JSON.stringify(webhook));
  for (const argv of [['send', 'inquiry.approved'], ['conform'], ['doctor'], ['serve', '--port', '0']]) {
    const run = await runCli([...argv, '--webhook', path]);
    expect(run.code).toBe(2);
    expect(run.stderr).toContain(`error: ${path}: ${message}`);
  }
});

test('the URL of a webhook file is not judged where --to replaces it', async () => {
  await using folder = await temporaryFolder();
  const path = await folder.write('webhook.json', '{"url": "localhost:3000"}');
  const run = await runCli(['show', 'inquiry.approved', '--webhook', path, '--to', 'http://127.0.0.1:9/']);
  expect(run.code).toBe(0);
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
