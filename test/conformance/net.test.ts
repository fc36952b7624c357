import { expect, test } from 'vitest';
import { NET_CHECKS } from '../../src/conformance/checks/net.ts';
import { runCheck } from '../../src/conformance/run-check.ts';
import type { TlsReport } from '../../src/http/tls-report.ts';
import { TRANSPORT_MUTANTS } from '../mutants/transport.ts';
import { testFamily } from '../mutants/family-tests.ts';
import { ModelReceiver } from '../mutants/model-receiver.ts';
import { BehindAProxy } from '../models/realistic.ts';
import { laboratoryFor, runAgainst } from '../mutants/run-model.ts';

testFamily('NET', { checks: NET_CHECKS, mutants: TRANSPORT_MUTANTS }, ['NET-09']);

test.each([
  ['8 kB', 8_192, 'pass', 'status 200; with 8 kB: status 400, a limit of the server'],
  ['4 kB', 4_096, 'fail', 'status 400'],
])('NET-06 judges a limit of %s for all headers', async (_, headerBytes, kind, actual) => {
  const checks = NET_CHECKS.filter(({ id }) => id === 'NET-06');
  const [result] = await runAgainst(new BehindAProxy({ headerBytes }), checks);
  expect(result?.verdict).toMatchObject({ kind, actual });
});

const HEALTHY: TlsReport = {
  protocol: 'TLSv1.3',
  validToMs: Date.parse('2100-01-01T00:00:00Z'),
  offersHttp2: true,
  addressFamilies: [4, 6],
};

test.each([
  ['a good certificate', {}, 'pass', 'TLSv1.3, valid for N days, IPv4 and IPv6, HTTP/2 offered'],
  [
    'an incomplete chain',
    { chainFault: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' },
    'fail',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE; TLSv1.3, valid for N days, IPv4 and IPv6, HTTP/2 offered',
  ],
  [
    'another name',
    { nameFault: 'not for the name a.test', offersHttp2: false },
    'fail',
    'not for the name a.test; TLSv1.3, valid for N days, IPv4 and IPv6, HTTP/1.1 only',
  ],
  [
    'an old protocol on one kind of address',
    { protocol: 'TLSv1.1', addressFamilies: [4] },
    'pass',
    'TLSv1.1 (older than 1.2), valid for N days, IPv4, HTTP/2 offered',
  ],
] as const)('%s is judged', async (_, change, kind, actual) => {
  await using model = await new ModelReceiver().start();
  const suiteContext = {
    ...laboratoryFor(model),
    url: new URL('https://localhost/'),
    inspectTls: () => Promise.resolve({ ...HEALTHY, ...change }),
  };
  const { verdict } = await runCheck(
    NET_CHECKS.find(({ id }) => id === 'NET-09')!,
    suiteContext,
  );
  expect([verdict.kind, verdict.actual.replace(/valid for \d+/, 'valid for N')]).toEqual([kind, actual]);
});
