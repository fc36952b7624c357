import { tlsInspector } from '../../http/tls-inspector.ts';
import type { TlsReport } from '../../http/tls-report.ts';
import type { SenderOptions } from '../../http/undici-sender.ts';
import { ok, problem, skipped, warning, type Finding } from './finding.ts';

const WHAT = 'TLS';
const DAY_MS = 86_400_000;
const SOON_DAYS = 14;

/** The certificate as Persona would judge it. @param nowMs - milliseconds since 1970 */
export async function examineTls(
  url: URL,
  options: SenderOptions & { readonly nowMs: number },
): Promise<Finding> {
  if (url.protocol !== 'https:') return skipped(WHAT, 'the URL is http');
  try {
    return judge(await tlsInspector(url, options)(), options);
  } catch (error) {
    const seen = error instanceof Error ? error.message : String(error);
    return problem(WHAT, seen, `does the port speak plain HTTP? Try http://${url.host}`);
  }
}

function judge(
  { chainFault, nameFault, protocol, validToMs }: TlsReport,
  { insecure, nowMs }: SenderOptions & { readonly nowMs: number },
): Finding {
  if (nameFault !== undefined)
    return problem(WHAT, `the certificate is ${nameFault}`, 'use the name it is made for');
  if (chainFault !== undefined) {
    const seen = `the certificate's chain is not trusted (${chainFault})`;
    const mend = 'send the intermediate certificates too; for a certificate of your own pass --ca <file.pem>';
    return insecure === true
      ? warning(WHAT, `${seen}; accepted by --insecure`, mend)
      : problem(WHAT, seen, mend);
  }
  const daysLeft = Math.floor((validToMs - nowMs) / DAY_MS);
  if (daysLeft < SOON_DAYS) return warning(WHAT, `the certificate ends in ${daysLeft} days`, 'renew it');
  return ok(WHAT, `${protocol}, trusted, valid for ${daysLeft} days`);
}
