import { FAMILIES, familyOf, type Check } from '../../src/conformance/check.ts';
import {
  summaryOf,
  type CheckReport,
  type ConformanceReport,
  type ReceiverReport,
  type WireReport,
} from '../../src/conformance/report.ts';

/** What a hostile receiver answers: it would break out of every format, were it let. */
export const HOSTILE =
  `<script>document.title='owned';alert(1)</script><img src=x onerror="alert(2)"> ]]> & "quoted" 'single' ` +
  `\u202egnp.exe\u200f \u001b[31mred\u0007 \u0000 \ud800 \ufffe # TODO %0A::error::x \\ | \`code\` ` +
  `@everyone https://evil.example/x.png \r\n::warning::injected\nnot ok 99 - injected`;

export function sampleCheck(id: Check['id'], changes: Partial<CheckReport> = {}): CheckReport {
  const family = familyOf({ id });
  return {
    id,
    slug: `sample-${id.toLowerCase()}`,
    family,
    familyTitle: FAMILIES[family],
    title: `Sample check ${id}`,
    level: 'must',
    basis: 'Persona requires',
    source: 'Persona, Webhook Best Practices',
    sends: 'a genuine event',
    requirement: 'accepts it with 200 within 5 s',
    verdict: 'pass',
    expected: 'accepts a genuine event with 200 within 5 s',
    actual: 'status 200',
    durationMs: 12.3456,
    startedMs: 100,
    isKnown: false,
    cause: 'the result is computed and not used',
    howToFix: 'compare the digests, and answer 401 when they differ',
    fix: `docs/checks/${family.toLowerCase()}.md#${id.toLowerCase()}`,
    command: `hookcast conform --to http://localhost:3000/hook --only ${id} --seed 7`,
    wire: [sampleExchange()],
    ...changes,
  };
}

export function sampleExchange(changes: Partial<WireReport> = {}): WireReport {
  return { ...unanswered(changes), response: sampleResponse(200, 'ok'), ...changes };
}

function unanswered(changes: Omit<Partial<WireReport>, 'response'>): WireReport {
  return {
    label: 'genuine',
    startedMs: 1,
    durationMs: 4.5,
    request: {
      method: 'POST',
      url: 'http://localhost:3000/hook',
      headers: [
        ['Content-Type', 'application/json; charset=utf-8'],
        ['Persona-Signature', `t=1700000000,v1=${'0a'.repeat(32)}`],
      ],
      body: Buffer.from('{"data":{"type":"event","id":"evt_1"}}'),
    },
    ...changes,
  };
}

export function sampleResponse(status: number, body: string | Buffer): NonNullable<WireReport['response']> {
  return { status, headers: [['content-type', 'text/plain']], body: Buffer.from(body), truncated: false };
}

export function sampleReceiver(
  name: string,
  checks: readonly CheckReport[],
  diagnosis: string | null = null,
): ReceiverReport {
  return {
    ...{ name, url: 'http://localhost:3000/hook', summary: summaryOf(checks), checks },
    ...{ diagnosis, explained: [] },
  };
}

export function sampleReport(
  receivers: readonly ReceiverReport[],
  changes: Partial<ConformanceReport> = {},
): ConformanceReport {
  return {
    schema: 'hookcast-report/1',
    seed: 7,
    startedAt: '2026-01-02T03:04:05.678Z',
    durationMs: 1_234.5,
    profile: 'strict',
    strict: false,
    receivers,
    ...changes,
  };
}

const HOSTILE_EXCHANGE = sampleExchange({
  label: 'forged',
  startedMs: 8,
  durationMs: 6,
  response: {
    ...sampleResponse(200, `${HOSTILE}\n${'x'.repeat(6_000)}`),
    headers: [
      ['content-type', 'text/html'],
      ['x-hostile', HOSTILE],
    ],
    truncated: true,
  },
});

/** One check of each verdict, the ones that matter most with what went over the wire. */
const EVERY_VERDICT: readonly CheckReport[] = [
  sampleCheck('ACK-01', { title: 'Genuine event is acknowledged' }),
  sampleCheck('ACK-03', {
    title: 'Latency headroom',
    level: 'should',
    basis: 'Persona recommends',
    verdict: 'non-strict',
    actual: 'the 95th percentile of 20 is 1.4 s',
    durationMs: 11_600,
    wire: [
      sampleExchange({ label: 'genuine 1', startedMs: 0, durationMs: 1_400 }),
      unanswered({
        label: 'genuine 2',
        startedMs: 1_450,
        durationMs: 5_000,
        failure: 'no complete answer in time (stopped at: headers)',
      }),
      sampleExchange({ label: 'genuine 3', startedMs: 6_500, durationMs: 900 }),
    ],
  }),
  sampleCheck('SIG-04', {
    title: 'Body whitespace changed',
    basis: 'Persona recommends',
    sends: 'a genuine event with one space added after it was signed',
    requirement: 'refuses it: the bytes are what is signed',
    verdict: 'fail',
    expected: 'refuses a changed body with a 4xx status and does nothing',
    actual: `status 200: ${HOSTILE}`,
    wire: [
      sampleExchange({ label: 'control before' }),
      HOSTILE_EXCHANGE,
      sampleExchange({ label: 'control after', startedMs: 15 }),
    ],
  }),
  sampleCheck('SIG-08', {
    title: 'Over-long or non-hex v1',
    basis: 'general practice',
    source: 'issues of several receivers: timingSafeEqual throws on unequal lengths',
    verdict: 'fail',
    actual: '65 digits: status 500',
    isKnown: true,
    wire: [
      sampleExchange({ label: '65 digits', response: sampleResponse(500, Buffer.from([0xff, 0xfe, 0])) }),
    ],
  }),
  sampleCheck('ROT-03', {
    title: 'Rotation: neither secret known',
    basis: 'Persona recommends',
    verdict: 'error',
    actual: 'the control before (a genuine event) was not accepted: no answer (ECONNRESET)',
    wire: [unanswered({ label: 'control before', failure: 'no answer (ECONNRESET)' })],
  }),
  sampleCheck('TIME-08', {
    title: 'Late retry, original t',
    level: 'info',
    basis: 'Persona documents',
    verdict: 'info',
    actual: 'answers 401 to an old t',
  }),
  sampleCheck('IDEM-02', {
    title: 'Duplicate has no second effect',
    verdict: 'needs-oracle',
    actual: 'not run: give --oracle-url or --oracle-cmd',
    wire: [],
  }),
  sampleCheck('IDEM-09', {
    title: 'Dedupe survives restart',
    level: 'should',
    basis: 'general practice',
    verdict: 'skipped',
    actual: 'not run: give --hook restart=<command>',
    wire: [],
  }),
];

/** Two receivers: one with every verdict and hostile answers, one that passes everything. */
export const SAMPLE_REPORT = sampleReport([
  sampleReceiver('cracked', EVERY_VERDICT, `It seems to expect another secret. ${HOSTILE}`),
  sampleReceiver(
    'sound',
    EVERY_VERDICT.map(({ id, title }) => sampleCheck(id as Check['id'], { title })),
  ),
]);

/** Small enough for a whole-output snapshot. */
export const SMALL_REPORT = sampleReport([
  sampleReceiver('localhost:3000', [
    sampleCheck('ACK-01', { title: 'Genuine event is acknowledged' }),
    sampleCheck('ACK-03', {
      title: 'Latency headroom',
      level: 'should',
      basis: 'Persona recommends',
      verdict: 'non-strict',
      actual: 'the 95th percentile of 20 is 1.4 s',
    }),
    sampleCheck('SIG-08', {
      title: 'Over-long or non-hex v1',
      basis: 'general practice',
      source: 'timingSafeEqual throws on unequal lengths',
      verdict: 'fail',
      expected: 'answers an odd v1 without a 5xx status',
      actual: '65 digits: status 500 # and \\ 100 %\n::error::x',
      wire: [
        sampleExchange({ label: '65 digits', response: sampleResponse(500, 'TypeError:\n  boom\u001b[0m') }),
      ],
    }),
    sampleCheck('SIG-09', {
      title: 'Malformed header',
      verdict: 'fail',
      actual: 'status 500',
      isKnown: true,
    }),
    sampleCheck('IDEM-02', {
      title: 'Duplicate has no second effect',
      verdict: 'needs-oracle',
      actual: 'not run: give --oracle-url or --oracle-cmd',
      wire: [],
    }),
  ]),
]);
