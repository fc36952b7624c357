import { outcomeOf } from '../../delivery/attempt.ts';
import { DEFAULT_POLICY } from '../../persona/policies.ts';
import type { Exchange, HttpResponse } from '../../ports.ts';
import { describeOutcome } from '../../report/describe-outcome.ts';
import { ok, problem, skipped, warning, type Finding } from './finding.ts';

const USUAL_TOLERANCE_MS = 300_000;
const NOTICEABLE_MS = 5_000;

/** What the answer to a genuine event shows about the path and about the receiver's clock. */
export function examineAnswer(url: URL, exchange: Exchange, nowMs: number): Finding[] {
  if (exchange.kind !== 'response') {
    const seen = describeOutcome(outcomeOf(exchange, DEFAULT_POLICY), DEFAULT_POLICY, url.href);
    const mend =
      exchange.kind === 'timed-out'
        ? 'answer first and do slow work afterwards'
        : "look at your server's log";
    return [problem('answer', seen, mend), skipped('clock', 'there is no answer')];
  }
  return [examinePath(url, exchange.response), examineClock(exchange.response, nowMs)];
}

function examinePath(url: URL, { status, headers }: HttpResponse): Finding {
  if (status >= 300 && status < 400) {
    const location = String(headers['location'] ?? 'nowhere');
    return problem(
      'path',
      `${status}: redirected to ${location}`,
      `Persona follows no redirect: ${directPath(url, location)}`,
    );
  }
  if (status === 404)
    return problem('path', `404: no route at ${url.pathname}`, "check the path of your webhook's route");
  if (status === 405) return problem('path', `405: ${url.pathname} takes no POST`, 'let the route take POST');
  return ok('path', `${url.pathname} answers ${status}`);
}

function directPath(url: URL, location: string): string {
  const target = URL.canParse(location, url.href) ? new URL(location, url.href) : undefined;
  const bare = ({ pathname }: URL) => pathname.replace(/\/$/, '');
  if (target === undefined || bare(target) !== bare(url)) return 'use the URL it leads to';
  return `use ${target.href}, the slash at the end matters`;
}

function examineClock({ headers }: HttpResponse, nowMs: number): Finding {
  const answered = Date.parse(String(headers['date'] ?? ''));
  if (Number.isNaN(answered)) return skipped('clock', 'the answer has no Date header');
  const skewMs = answered - nowMs;
  const seen = `the receiver's clock is ${Math.round(Math.abs(skewMs) / 1000)} s ${skewMs < 0 ? 'behind' : 'ahead'}`;
  const mend = 'synchronise it (NTP): signatures carry a time, and receivers refuse old ones';
  if (Math.abs(skewMs) >= USUAL_TOLERANCE_MS) return problem('clock', seen, mend);
  if (Math.abs(skewMs) >= NOTICEABLE_MS) return warning('clock', seen, mend);
  return ok('clock', 'agrees with this machine');
}
