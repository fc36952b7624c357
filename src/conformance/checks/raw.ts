import type { JsonNode } from '../../json/node.ts';
import { serialisePretty } from '../../json/text.ts';
import type { Check, Verdict, CheckContext, Sample } from '../check.ts';
import { gravest } from '../kit/expect.ts';
import { addMembers, field, FIELDS, reversed, rewritten } from '../kit/rewrite.ts';
import { mustSurviveAll, mustTakeAll, type Trial } from '../kit/trials.ts';
import { GENERATED_SPELLINGS } from './raw-generated.ts';
import { RAW_STRANGE_CHECKS } from './raw-strange.ts';

const SOURCE = 'Persona, Webhook Best Practices: verify the raw body, since parsing may change it';

/** Each carries a spelling that parsing and serialising changes in one language or another; the signature is right. */
export const RAW_CHECKS: readonly Check[] = [
  {
    id: 'RAW-01',
    slug: 'unusual-whitespace',
    title: 'Unusual whitespace',
    sends: 'a genuine event pretty-printed, indented with tabs, and with spaces after its colons',
    requirement: 'verifies the bytes that arrived, white space included',
    level: 'must',
    basis: 'Persona recommends',
    source: SOURCE,
    async run(context) {
      const trials = [];
      for (const [variant, layOut] of Object.entries(LAYOUTS)) {
        const sample = await context.sample();
        trials.push({ variant, sample: { ...sample, body: Buffer.from(layOut(sample.document)) } });
      }
      return mustTakeAll(context, trials, 'a genuine event with other white space');
    },
  },
  {
    id: 'RAW-02',
    slug: 'number-spellings',
    title: 'Number spellings',
    sends: 'genuine events with numbers such as 100.0, 1e2 and -0',
    requirement: 'verifies the bytes that arrived, however a number is spelled',
    level: 'must',
    basis: 'Persona recommends',
    source: `${SOURCE} (JavaScript may round floats)`,
    run: (context) =>
      takeSpelled(context, ['100.0', '1e2', '0.10', '-0', '40.172463903'], 'a number in an odd spelling'),
  },
  {
    id: 'RAW-03',
    slug: 'big-integers',
    title: 'Big integers',
    sends: 'genuine events with whole numbers beyond 2^53',
    requirement: 'verifies the bytes that arrived, and survives a number that a float cannot hold',
    level: 'should',
    basis: 'general practice',
    source: 'RFC 8259, section 6: JSON sets no limit to numbers',
    run: (context) =>
      takeSpelled(context, ['9007199254740993', '12345678901234567891'], 'a number beyond 2^53'),
  },
  {
    id: 'RAW-04',
    slug: 'escapes',
    title: 'Escapes',
    sends: 'genuine events with strings escaped as HTML-safe serialisers escape them',
    requirement: 'verifies the bytes that arrived, however a string is escaped',
    level: 'must',
    basis: 'general practice',
    source: 'RFC 8259, section 7; Rails escapes <, >, & and U+2028 by default',
    run: (context) =>
      takeSpelled(context, [...ESCAPES.map((escape) => `"a${escape}b"`)], 'a string with an escape'),
  },
  {
    id: 'RAW-05',
    slug: 'multibyte-text',
    title: 'Multibyte text',
    sends: 'genuine events with names in CJK, Arabic, combining marks and emoji, as raw UTF-8',
    requirement: 'computes the HMAC over bytes, not over UTF-16 or Latin-1 text',
    level: 'must',
    basis: 'general practice',
    source: 'RFC 8259, section 8.1: JSON is UTF-8',
    run: (context) =>
      takeSpelled(context, ['"山田 太郎"', '"محمد"', '"Zoe\u0308"', '"👩‍👩‍👧‍👦"'], 'a name beyond ASCII'),
  },
  {
    id: 'RAW-06',
    slug: 'key-order-and-duplicates',
    title: 'Key order and duplicate keys',
    sends: 'a genuine event with integer-like keys, one with its keys backwards, one with a doubled key',
    requirement: 'accepts any order of keys, and does not break on a doubled one',
    level: 'should',
    basis: 'general practice',
    source: 'RFC 8259, section 4: objects are unordered, names should be unique',
    run: judgeKeys,
  },
  ...RAW_STRANGE_CHECKS,
  GENERATED_SPELLINGS,
];

const ESCAPES = ['\\/', '\\u003c', '\\u0026', '\\u00e9', '\\u2028'] as const;

/** JSON strings hold no raw line break, so every line is indentation and one entry. */
const LAYOUTS: Readonly<Record<string, (document: JsonNode) => string>> = {
  'pretty-printed': serialisePretty,
  'tab-indented': (document) =>
    serialisePretty(document).replace(/^ +/gm, (indent) => '\t'.repeat(indent.length / 2)),
  'spaces after colons': (document) => serialisePretty(document).replace(/\n */g, ''),
};

async function takeSpelled(
  context: CheckContext,
  spellings: readonly string[],
  what: string,
): Promise<Verdict> {
  const trials: Trial[] = [];
  for (const spelling of spellings) {
    const sample = await context.sample();
    trials.push({ variant: spelling, sample: withFields(sample, [field('spelled', spelling)]) });
  }
  return mustTakeAll(context, trials, what);
}

function withFields(sample: Sample, fields: readonly ReturnType<typeof field>[]): Sample {
  return rewritten(sample, (document) => addMembers(document, FIELDS, fields));
}

async function judgeKeys(context: CheckContext): Promise<Verdict> {
  const integers = withFields(
    await context.sample(),
    ['10', '9', '1'].map((key) => field(key, '"x"')),
  );
  const twice = withFields(await context.sample(), [field('twice', '"a"'), field('twice', '"b"')]);
  const backwards = rewritten(await context.sample(), reversed);
  const ordered = [
    { variant: 'integer-like keys', sample: integers },
    { variant: 'keys backwards', sample: backwards },
  ];
  return gravest([
    await mustTakeAll(context, ordered, 'keys in an unusual order'),
    await mustSurviveAll(context, [{ variant: 'doubled key', sample: twice }], 'a doubled key'),
  ]);
}
