import type { Check } from '../check.ts';
import { describeExchange, isAccepted, verdict } from '../kit/expect.ts';
import { padded } from '../kit/rewrite.ts';
import type { TlsReport } from '../../http/tls-report.ts';

const KIB = 1024;
const LADDER_KIB = [8, 64, 101, 256] as const;
const DAY_MS = 86_400_000;

export const NET_SIZE: Check = {
  id: 'NET-05',
  slug: 'body-size-ladder',
  title: 'Body size ladder',
  sends: 'genuine events of 8, 64, 101 and 256 KiB and of 1 MiB',
  requirement: 'accepts bodies of up to 256 KiB',
  level: 'should',
  basis: 'general practice',
  source: 'robustness: bodies grow with what is included; parsers of frameworks often stop at 100 KiB',
  async run(context) {
    for (const kib of LADDER_KIB) {
      const exchange = await context.send(await padded(context, kib * KIB), { label: `${kib} KiB` });
      if (isAccepted(exchange, context)) continue;
      const hint = kib === 101 ? ': a limit of 100 KiB, the default of a framework?' : '';
      return verdict('fail', this.requirement, `${kib} KiB: ${describeExchange(exchange)}${hint}`);
    }
    const largest = await context.send(await padded(context, KIB * KIB), { label: '1 MiB' });
    return verdict('pass', this.requirement, `256 KiB accepted; 1 MiB: ${describeExchange(largest)}`);
  },
};

export const NET_TLS: Check = {
  id: 'NET-09',
  slug: 'tls-and-address',
  title: 'TLS and address',
  sends: 'a TLS handshake, and a look at the addresses of the host',
  requirement: 'has a certificate that is complete, trusted and for this name',
  level: 'should',
  basis: 'general practice',
  source: 'Stripe, webhook best practices: the certificate is verified before anything is sent',
  needs: ['https'],
  async run(context) {
    if (context.inspectTls === undefined) return verdict('info', this.requirement, 'nobody could look at it');
    const report = await context.inspectTls();
    const faults = [report.chainFault, report.nameFault].filter((fault) => fault !== undefined);
    const details = describeTls(report, context.clock.now());
    if (faults.length > 0) return verdict('fail', this.requirement, `${faults.join(', ')}; ${details}`);
    return verdict('pass', this.requirement, details);
  },
};

function describeTls(
  { protocol, validToMs, offersHttp2, addressFamilies }: TlsReport,
  nowMs: number,
): string {
  const days = Math.floor((validToMs - nowMs) / DAY_MS);
  const addresses = addressFamilies.map((family) => `IPv${family}`).join(' and ');
  return [
    protocol + (protocol < 'TLSv1.2' ? ' (older than 1.2)' : ''),
    `valid for ${days} days${days <= 14 ? ' only' : ''}`,
    addresses === '' ? 'no address' : addresses,
    offersHttp2 ? 'HTTP/2 offered' : 'HTTP/1.1 only',
  ].join(', ');
}
