import { gzipSync } from 'node:zlib';
import { parseJson } from '../../json/text.ts';
import type { JsonMember } from '../../json/node.ts';
import type { Exchange } from '../../ports.ts';
import type { Check, Verdict, CheckContext, Deviation, Sample } from '../check.ts';
import { inconclusive, stateIdsOf, stateIn } from '../kit/effects.ts';
import { gravest, isAccepted, mustAccept, mustNotBreak, statusOf, verdict } from '../kit/expect.ts';
import { addMembers, ATTRIBUTES, editAt, EVENT, field, FIELDS, OBJECT, rewritten } from '../kit/rewrite.ts';
import { mustSurviveAll, mustTakeAll } from '../kit/trials.ts';

/** Legal, signed right, and rarer still. */
export const RAW_STRANGE_CHECKS: readonly Check[] = [
  {
    id: 'RAW-07',
    slug: 'newline-and-bom',
    title: 'Trailing newline; byte order mark',
    sends: 'a genuine event with a newline at its end, and one with a byte order mark before it, both signed',
    requirement: 'accepts the newline, and does not break on the mark',
    level: 'should',
    basis: 'general practice',
    source: 'RFC 8259, sections 2 and 8.1: white space may follow; a parser may refuse the mark',
    async run(context) {
      const [first, second] = [await context.sample(), await context.sample()];
      const newline = { ...first, body: Buffer.concat([first.body, Buffer.from('\n')]) };
      const marked = { ...second, body: Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), second.body]) };
      return gravest([
        await mustTakeAll(
          context,
          [{ variant: 'trailing newline', sample: newline }],
          'a body that ends with a newline',
        ),
        await mustSurviveAll(
          context,
          [{ variant: 'byte order mark', sample: marked }],
          'a body that begins with a byte order mark',
        ),
      ]);
    },
  },
  {
    id: 'RAW-08',
    slug: 'hostile-but-legal-strings',
    title: 'Hostile but legal strings',
    sends:
      'genuine events with __proto__ and constructor keys, a lone surrogate and a NUL escape; with a state oracle also two without a status',
    requirement: 'does not break on them, and treats the next event as if nothing had happened',
    level: 'should',
    basis: 'general practice',
    source: 'CWE-1321 (prototype pollution); RFC 8259, section 8.2 (lone surrogates)',
    mayBreak: true,
    run: judgeHostile,
  },
  {
    id: 'RAW-09',
    slug: 'split-character',
    title: 'Character split over two packets',
    sends: 'a genuine event with an emoji whose bytes come in packets of their own',
    requirement: 'joins the bytes before it decodes them',
    level: 'should',
    basis: 'general practice',
    source: 'HTTP bodies are byte streams: a packet may end anywhere (RFC 9112)',
    async run(context) {
      const sample = await withOwl(context);
      const deviation = splitAround(sample.body, Buffer.from(OWL));
      const variant = 'an emoji in pieces';
      const trial = { variant, sample, deviation };
      const answer = await mustTakeAll(context, [trial], 'a character that is split');
      if (answer.kind === 'pass') return answer;
      const whole = await context.send(await withOwl(context), { label: 'an emoji in one piece' });
      if (isAccepted(whole, context)) return answer;
      return inconclusive(this.requirement, whole, 'the same character in one piece');
    },
  },
  {
    id: 'RAW-10',
    slug: 'other-media-type-or-coding',
    title: 'Other media type or coding',
    sends: 'genuine events as application/vnd.api+json, without a Content-Type, and compressed with gzip',
    requirement:
      'accepts, or says 415, or refuses the gzip as not signed; Persona is not known to send any of these',
    level: 'may',
    basis: 'general practice',
    source: 'RFC 9110, section 15.5.16: 415 Unsupported Media Type',
    run: judgeCodings,
  },
];

const MARKER = 'hookcast-polluted';

/** In the places that receivers copy or merge: a copy that follows such a key changes every object after it. */
const HOSTILE_KEYS = [
  ['__proto__', `{"status":"${MARKER}"}`],
  ['constructor', `{"prototype":{"status":"${MARKER}"}}`],
] as const;
const HOSTILE_TEXTS = [
  ['lone surrogate', '"a\\ud800b"'],
  ['NUL escape', '"a\\u0000b"'],
] as const;

async function judgeHostile(context: CheckContext): Promise<Verdict> {
  const trials = [];
  for (const [key, text] of HOSTILE_KEYS) {
    const member: JsonMember = { key, value: parseJson(text) };
    const sample = rewritten(await context.sample(), (document) =>
      [[], EVENT, OBJECT, ATTRIBUTES, FIELDS].reduce(
        (changed, path) => addMembers(changed, path, [member]),
        document,
      ),
    );
    trials.push({ variant: `${key} key`, sample });
  }
  for (const [variant, text] of HOSTILE_TEXTS) {
    const sample = rewritten(await context.sample(), (document) =>
      addMembers(document, FIELDS, [field('spelled', text)]),
    );
    trials.push({ variant, sample });
  }
  const isSilenceFine = context.oracle?.tellsState === true && (await takesSilence(context));
  const survived = await mustSurviveAll(context, trials, 'a hostile but legal body');
  const next = await context.send(await context.sample(), { label: 'next event' });
  const answer = gravest([survived, mustAccept(next, context, 'the event after hostile ones')]);
  return answer.kind === 'pass' && isSilenceFine ? gravest([answer, await judgePollution(context)]) : answer;
}

/** Not every receiver takes an event without a status; that has nothing to do with hostile strings (see ENV-05). */
async function takesSilence(context: CheckContext): Promise<boolean> {
  return isAccepted(
    await sendSilent(context, 'without a status, beforehand').then(({ exchange }) => exchange),
    context,
  );
}

/** An event that says nothing of a status: a polluted receiver finds the one that the bodies before it planted. */
async function sendSilent(context: CheckContext, label: string) {
  const sample = rewritten(await context.sample(), (document) =>
    editAt(document, ATTRIBUTES, (attributes) => {
      if (attributes?.kind !== 'object') return parseJson('{}');
      return { ...attributes, members: attributes.members.filter(({ key }) => key !== 'status') };
    }),
  );
  return { sample, exchange: await context.send(sample, { label }) };
}

async function judgePollution(context: CheckContext): Promise<Verdict> {
  const expected = 'keeps what one event says out of all others';
  const { sample } = await sendSilent(context, 'without a status, afterwards');
  const status = stateIn(await context.consult(stateIdsOf(sample)), sample);
  if (status !== MARKER) return verdict('pass', expected, 'nothing of the hostile events is left');
  return verdict('fail', expected, 'the next event has the status that a __proto__ key before it planted');
}

const OWL = '🦉';

async function withOwl(context: CheckContext): Promise<Sample> {
  return rewritten(await context.sample(), (document) =>
    addMembers(document, FIELDS, [field('spelled', `"${OWL}"`)]),
  );
}

/** Long enough for each piece to be read alone. */
const PIECE_PAUSE_MS = 40;

function splitAround(body: Buffer, character: Buffer): Deviation {
  const start = body.indexOf(character);
  const cuts = [0, ...[...character.keys()].map((index) => start + index + 1), body.length];
  const parts = cuts.slice(1).map((end, index) => ({
    bytes: body.subarray(cuts[index], end),
    ...(index === 0 ? {} : { pauseMs: PIECE_PAUSE_MS }),
  }));
  return { wire: (request) => ({ ...request, parts }) };
}

async function judgeCodings(context: CheckContext): Promise<Verdict> {
  const findings = [];
  for (const [variant, encode] of Object.entries(CODINGS)) {
    const sample = await context.sample();
    const { body, isOtherBytes = false, ...deviation } = encode(sample, context);
    const exchange = await context.send({ ...sample, body }, { label: variant, ...deviation });
    findings.push({ ...judgeCoding(exchange, context, isOtherBytes), variant });
  }
  return gravest(findings);
}

function judgeCoding(exchange: Exchange, context: CheckContext, isOtherBytes: boolean): Verdict {
  const answer = mustNotBreak(exchange, 'another media type or coding');
  const status = statusOf(exchange) ?? 0;
  const isRefusal = status === 415 || (isOtherBytes && status >= 400);
  if (answer.kind === 'fail' || isRefusal || isAccepted(exchange, context)) return answer;
  return verdict('non-strict', 'accepts another media type or coding, or answers 415', answer.actual);
}

interface Coding extends Deviation {
  readonly body: Buffer;
  /** Are the bytes on the wire others than those that are signed? Who verifies the bytes then refuses, and is right. */
  readonly isOtherBytes?: boolean;
}

/** The signature is over the text in all of them: frameworks unpack a body before anyone sees it. */
const CODINGS: Readonly<Record<string, (sample: Sample, context: CheckContext) => Coding>> = {
  'application/vnd.api+json': ({ body }) => ({
    body,
    headers: { 'Content-Type': 'application/vnd.api+json' },
  }),
  'no Content-Type': ({ body }) => ({ body, headers: { 'Content-Type': null } }),
  gzip: ({ body }, context) => ({
    body: gzipSync(body),
    isOtherBytes: true,
    signature: context.sign(body),
    headers: { 'Content-Encoding': 'gzip' },
  }),
};
