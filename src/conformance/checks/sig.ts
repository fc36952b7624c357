import { SIGNATURE_HEADER } from '../../persona/contract.ts';
import type { Check, Sample } from '../check.ts';
import { forgeryCheck, signedByStranger, type Forgery } from '../kit/expect.ts';
import { SIG_DOWNGRADE_CHECKS } from './sig-downgrade.ts';
import { SIG_HEADER_CHECKS } from './sig-header.ts';
import { SIG_MALFORMED_CHECKS } from './sig-malformed.ts';

const SOURCE = 'Persona, Webhook Best Practices: checking signatures';
const APPROVED = 'inquiry.approved';
const DECLINED = 'inquiry.declined';
const CONSTANT_TIME = 'Standard Webhooks: verifying signatures';

/** The plainest ways to change, forge or omit a signature. */
const SIG_TAMPERING_CHECKS: readonly Check[] = [
  forgeryCheck({
    id: 'SIG-01',
    slug: 'missing-signature',
    title: 'Missing signature header',
    sends: `an event without ${SIGNATURE_HEADER}`,
    requirement: 'refuses it and does nothing',
    level: 'must',
    basis: 'Persona recommends',
    source: `${SOURCE}; the sample of Persona's own quickstart does not check`,
    forgeries: [{ variant: 'unsigned', what: 'an unsigned event', forge: () => ({ signature: null }) }],
  }),
  forgeryCheck({
    id: 'SIG-02',
    slug: 'wrong-secret',
    title: 'Wrong secret',
    sends: 'an event signed with another secret of the right form',
    requirement: 'refuses it',
    level: 'must',
    basis: 'Persona recommends',
    source: SOURCE,
    forgeries: [
      { variant: 'another secret', what: 'an event signed with another secret', forge: signedByStranger },
    ],
  }),
  forgeryCheck({
    id: 'SIG-03',
    slug: 'body-byte-changed',
    title: 'Body byte changed',
    sends: 'an event whose name, and one in which a character of an id was changed after signing',
    requirement: 'refuses both',
    level: 'must',
    basis: 'Persona recommends',
    source: SOURCE,
    forgeries: [
      changed("the event's name", (body, { event: { name } }) =>
        body.replaceAll(name, name === DECLINED ? APPROVED : DECLINED),
      ),
      changed('one character of an id', (body, { objectId }) => {
        const other = objectId.slice(0, -1) + (objectId.endsWith('1') ? '2' : '1');
        return body.replaceAll(objectId, other);
      }),
    ],
  }),
  forgeryCheck({
    id: 'SIG-04',
    slug: 'body-whitespace-changed',
    title: 'Body whitespace changed',
    sends: 'an event to which a space, and one to which a line break was added after signing',
    requirement: 'refuses both: the bytes are what is signed, not the parsed object',
    level: 'must',
    basis: 'Persona recommends',
    source: `${SOURCE}; ${CONSTANT_TIME}`,
    forgeries: [
      changed('a space inside', (body) => body.replace(':', ': ')),
      changed('a line break at the end', (body) => `${body}\n`),
    ],
  }),
  forgeryCheck({
    id: 'SIG-05',
    slug: 'timestamp-changed',
    title: 'Timestamp changed',
    sends: 'an event whose t was moved by one second after signing',
    requirement: 'refuses it: t is part of the signed text',
    level: 'must',
    basis: 'Persona requires',
    source: SOURCE,
    forgeries: [
      {
        variant: 't + 1',
        what: 'a t that was not signed',
        forge: ({ body }, context) => ({
          signature: context.sign(body).replace(/\d+/, (t) => String(Number(t) + 1)),
        }),
      },
    ],
  }),
  forgeryCheck({
    id: 'SIG-06',
    slug: 'one-digit-flipped',
    title: 'Nearly right v1',
    sends: 'events with one hex digit of v1 flipped: the first, one in the middle, the last',
    requirement: 'refuses all of them',
    level: 'must',
    basis: 'Persona recommends',
    source: CONSTANT_TIME,
    forgeries: [
      withDigest('first digit flipped', (v1) => flipped(v1, 0)),
      withDigest('middle digit flipped', (v1) => flipped(v1, 32)),
      withDigest('last digit flipped', (v1) => flipped(v1, 63)),
    ],
  }),
  forgeryCheck({
    id: 'SIG-07',
    slug: 'shortened-digest',
    title: 'Empty, short, prefix v1',
    sends: 'an empty v1, one of one digit, and the first 16 and 63 digits of the right one',
    requirement: 'refuses all of them: a part of the digest is not the digest',
    level: 'must',
    basis: 'general practice',
    source: CONSTANT_TIME,
    forgeries: [
      withDigest('empty v1', () => ''),
      // The first digit of the right one half of the time would prove nothing: always take it.
      withDigest('one digit', (v1) => v1.slice(0, 1)),
      withDigest('first 16 digits', (v1) => v1.slice(0, 16)),
      withDigest('first 63 digits', (v1) => v1.slice(0, 63)),
    ],
  }),
];

export const SIG_CHECKS: readonly Check[] = [
  ...SIG_TAMPERING_CHECKS,
  ...SIG_MALFORMED_CHECKS,
  ...SIG_DOWNGRADE_CHECKS,
  ...SIG_HEADER_CHECKS,
];

/** A body changed after signing, byte for byte: Latin-1 keeps all bytes as they are. */
function changed(variant: string, change: (body: string, sample: Sample) => string): Forgery {
  return {
    variant,
    what: 'a body that was changed after signing',
    forge: (sample, context) => ({
      signature: context.sign(sample.body),
      body: Buffer.from(change(sample.body.toString('latin1'), sample), 'latin1'),
    }),
  };
}

/** A signature with a `v1` made of the right one. */
function withDigest(variant: string, change: (v1: string) => string): Forgery {
  return {
    variant,
    what: 'a v1 that is not the right one',
    forge: ({ body }, context) => ({
      signature: context.sign(body).replace(/[0-9a-f]{64}/, (v1) => change(v1)),
    }),
  };
}

function flipped(digest: string, index: number): string {
  const digit = (Number.parseInt(digest.charAt(index), 16) ^ 1).toString(16);
  return digest.slice(0, index) + digit + digest.slice(index + 1);
}
