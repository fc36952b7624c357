import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { tlsInspector } from '../../src/http/tls-inspector.ts';
import { LOCALHOST_CERTIFICATE, LOCALHOST_KEY } from '../helpers/certificate.ts';

async function httpsServer() {
  const server = createServer({ cert: LOCALHOST_CERTIFICATE, key: LOCALHOST_KEY });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

test.each([
  ['a trusted certificate for the name', 'localhost', LOCALHOST_CERTIFICATE, {}],
  ['an unknown authority', 'localhost', undefined, { chainFault: 'DEPTH_ZERO_SELF_SIGNED_CERT' }],
  ['another name', '127.0.0.1', LOCALHOST_CERTIFICATE, { nameFault: 'not for the name 127.0.0.1' }],
])('the inspector reports %s', async (_, host, ca, faults) => {
  await using server = await httpsServer();
  const report = await tlsInspector(new URL(`https://${host}:${server.port}/`), { ca })();
  const { chainFault, nameFault } = report;
  expect({ chainFault, nameFault }).toEqual({ chainFault: undefined, nameFault: undefined, ...faults });
  expect([report.protocol, report.offersHttp2, report.addressFamilies.includes(4)]).toEqual([
    'TLSv1.3',
    false,
    true,
  ]);
  expect(new Date(report.validToMs).getUTCFullYear()).toBeGreaterThan(2100);
});

test('the inspector does not connect to a remote address', async () => {
  const inspect = tlsInspector(new URL('https://192.0.2.1/'));
  await expect(inspect()).rejects.toMatchObject({ code: 'REMOTE_ADDRESS' });
});

test('the inspector throws when the handshake fails', async () => {
  await expect(tlsInspector(new URL('https://127.0.0.1:1/'))()).rejects.toThrow('no TLS handshake');
});
