import type { Check, Verdict, AnsweredRequest, CheckContext } from '../check.ts';
import { inconclusive } from '../kit/effects.ts';
import { isAccepted, verdict } from '../kit/expect.ts';
import { leaksIn, canarySample, newCanary, releaseCanary, traces, type Leak } from '../kit/leaks.ts';
import { bodyOf, type WireRecord } from '../../http/wire.ts';

/** How long a log may take to reach its file. */
const LOG_MS = 1_000;

export const SEC_LEAK_CHECKS: readonly Check[] = [
  {
    id: 'SEC-01',
    slug: 'no-secret-in-answers',
    title: 'No secret in any answer',
    sends: 'requests that provoke errors; every answer of the run is searched',
    requirement: 'never answers with the secret, an expected signature or a stack trace',
    level: 'must',
    basis: 'general practice',
    source: 'robustness: answers go to anybody who can send a request',
    runsLast: true,
    run: (context) => searchAnswers(context),
  },
  {
    id: 'SEC-02',
    slug: 'personal-data-not-echoed',
    title: 'Personal data is not echoed',
    sends:
      'unique personal data in an event that is accepted, one that is refused and a body that is not JSON',
    requirement: 'does not repeat personal data in its answers',
    level: 'must',
    basis: 'general practice',
    source: 'robustness: answers are logged by senders and proxies',
    async run(context) {
      const canary = newCanary(context);
      const released = await releaseCanary(context, canary);
      const [genuine] = released;
      if (genuine !== undefined && !isAccepted(genuine[1], context)) {
        return inconclusive(this.requirement, genuine[1]);
      }
      const echoes = released.flatMap(([what, exchange]) => {
        const text = exchange.kind === 'response' ? exchange.response.body.toString('utf8') : '';
        const found = traces(canary, text);
        return found.length === 0 ? [] : [`${what}: ${found.join(', ')}`];
      });
      if (echoes.length > 0) return verdict('fail', this.requirement, echoes.join('; '));
      return verdict('pass', this.requirement, 'nothing of it in the answers');
    },
  },
  {
    id: 'SEC-03',
    slug: 'personal-data-not-logged',
    title: 'Personal data is not logged',
    sends:
      'unique personal data in an event that is accepted, one that is refused and a body that is not JSON',
    requirement: 'does not write personal data to its log',
    level: 'should',
    basis: 'general practice',
    source: 'robustness: logs are read by more people, and kept longer, than the data may be',
    needs: ['log-file'],
    async run(context) {
      const canary = newCanary(context);
      const [genuine] = await releaseCanary(context, canary);
      if (genuine !== undefined && !isAccepted(genuine[1], context)) {
        return inconclusive(this.requirement, genuine[1]);
      }
      await context.pause(LOG_MS);
      const log = await context.log();
      return judgeLog(log, traces(canary, log), this.requirement);
    },
  },
];

function judgeLog(log: string, found: readonly string[], expected: string): Verdict {
  if (found.length > 0) return verdict('fail', expected, `in the log: ${found.join(', ')}`);
  if (log.trim() === '') return verdict('info', expected, 'the log file is empty: nothing is proven');
  return verdict('pass', expected, 'nothing of it in the log');
}

interface Found extends AnsweredRequest {
  readonly leaks: readonly Leak[];
}

async function searchAnswers(context: CheckContext): Promise<Verdict> {
  const expected = 'never answers with the secret, an expected signature or a stack trace';
  const digests = await provoke(context);
  const answered = context.answered();
  if (answered.length === 0) return verdict('error', expected, 'the receiver never answered');
  const found = answered.flatMap((one): Found[] => {
    const leaks = leaksIn(answerText(one), { secret: context.secret, digests, sent: sentText(one, context) });
    return leaks.length === 0 ? [] : [{ ...one, leaks }];
  });
  if (found.length === 0) return verdict('pass', expected, `nothing in ${answered.length} answers`);
  const grave = found.filter(({ leaks }) => leaks.some(({ isGrave }) => isGrave));
  const worst = grave.length > 0 ? grave : found;
  context.show(worst.slice(0, SHOWN).map(({ checkId, record }) => named(record, checkId)));
  const kind = grave.length > 0 ? 'fail' : 'non-strict';
  return verdict(kind, expected, describeFound(worst, answered.length));
}

/** Of many answers with the same leak a few are enough. */
const SHOWN = 4;
const SELF = 'SEC-01';

/** A record of another check begins with its id, so that it can be repeated. */
function named(record: WireRecord, checkId: string | undefined): WireRecord {
  return checkId === undefined || checkId === SELF ? record : { ...record, label: labelOf(record, checkId) };
}

function labelOf({ label }: WireRecord, checkId: string | undefined): string {
  return checkId === undefined || checkId === SELF ? label : `${checkId}: ${label}`;
}

function describeFound(found: readonly Found[], answers: number): string {
  const words = [...new Set(found.flatMap(({ leaks }) => leaks.map(({ what }) => what)))].join(', ');
  const [first] = found;
  const line = first?.leaks.find((leak) => leak.line !== undefined)?.line;
  const where = first === undefined ? '' : `, first to '${labelOf(first.record, first.checkId)}'`;
  const others = [...new Set(found.map(({ checkId }) => checkId))].filter((id) => id !== SELF);
  const isOnlyOthers = others.length > 0 && found.every(({ checkId }) => checkId !== SELF);
  const repeat = isOnlyOthers ? `; to repeat it: \`only\` ${[others[0] ?? '', SELF].join(',')}` : '';
  return `${words}, in ${found.length} of ${answers} answers${where}${line === undefined ? '' : `: "${line}"`}${repeat}`;
}

function answerText({ record: { exchange } }: AnsweredRequest): string {
  if (exchange.kind !== 'response') return '';
  const headers = Object.values(exchange.response.headers).flat().join('\n');
  return `${exchange.response.body.toString('utf8')}\n${headers}`;
}

/** The record has no secret in it: where one was sent, its place says so. */
function sentText({ record: { request } }: AnsweredRequest, { secret }: CheckContext): string {
  const headers = request.headers.map(([, value]) => value.replaceAll(String(secret), secret.reveal()));
  return [...headers, bodyOf(request).toString('utf8')].join('\n');
}

const KIB = 1024;

/** Requests that make careless receivers talk; the signatures that they would have had to have. */
async function provoke(context: CheckContext): Promise<readonly string[]> {
  const sample = await canarySample(context, newCanary(context));
  const timestampSeconds = context.nowSeconds();
  const good = context.sign(sample.body, { timestampSeconds });
  const t = `t=${timestampSeconds}`;
  const foreign = context.sign(sample.body, { secrets: [context.foreignSecret], timestampSeconds });
  for (const [label, signature] of [
    ['forged', foreign],
    ['short v1', `${t},v1=a`],
    ['no v1', t],
    ['v1 that is not hex', `${t},v1=${'z'.repeat(64)}`],
    ['no signature', null],
  ] as const) {
    await context.send(sample, { label, signature });
  }
  for (const body of ['{', 'null', '', '{"data":{"attributes":null}}', '['.repeat(10 * KIB)]) {
    await context.send(Buffer.from(body), { label: `signed ${body.slice(0, 30) || 'empty body'}` });
  }
  await provokeParsers(context);
  return [good.slice(good.indexOf('v1=') + 'v1='.length)];
}

/** What frameworks answer to before the handler is asked. */
async function provokeParsers(context: CheckContext): Promise<void> {
  const { body } = await context.sample();
  const large = Buffer.alloc(5 * KIB * KIB, 0x20);
  await context.send(large, { label: '5 MiB, forged', signature: context.sign(body) });
  await context.send(body, { label: 'GET', wire: (request) => ({ ...request, method: 'GET' }) });
  for (const [label, headers] of [
    ['a coding that is not gzip', { 'Content-Encoding': 'gzip' }],
    ['an unknown charset', { 'Content-Type': 'application/json; charset=nonsense' }],
  ] as const) {
    await context.send(body, { label, headers });
  }
}
