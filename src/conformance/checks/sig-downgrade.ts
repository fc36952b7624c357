import type { SignatureSet } from '../../signing/parse-header.ts';
import { wrongForm } from '../../signing/wrong-forms.ts';
import type { Check, CheckContext, Sample } from '../check.ts';
import { forgeryCheck, mustReject, type Forgery } from '../kit/expect.ts';

const SOURCE = 'Persona, Webhook Best Practices: checking signatures';

/** Signatures that are right in another scheme than Persona's. */
export const SIG_DOWNGRADE_CHECKS: readonly Check[] = [
  forgeryCheck({
    id: 'SIG-10',
    slug: 'body-alone-signed',
    title: 'HMAC over body alone',
    sends: 'the HMAC of the body without the timestamp, as v1 and as the whole header',
    requirement: 'refuses both: without t a signature is good for ever',
    level: 'must',
    basis: 'Persona requires',
    source: SOURCE,
    forgeries: [
      wrong('v1 over the body alone', 'body-alone'),
      wrong('bare digest of the body', 'body-alone', ({ v1 }) => v1),
    ],
  }),
  forgeryCheck({
    id: 'SIG-11',
    slug: 'other-algorithms-and-labels',
    title: 'Other algorithms and labels',
    sends: 'the right digest labelled v0 and v2; SHA-1, SHA-512, MD5 and base64 in v1',
    requirement: 'refuses all of them: the scheme is v1, HMAC-SHA256 in hex',
    level: 'must',
    basis: 'Persona requires',
    source: `${SOURCE}; Stripe, verifying signatures: downgrade`,
    forgeries: [
      labelled('v0'),
      labelled('v2'),
      ...['sha1', 'sha512', 'md5', 'base64'].map((id) => wrong(`v1 in ${id}`, id)),
    ],
  }),
  forgeryCheck({
    id: 'SIG-12',
    slug: 'secret-as-signature',
    title: 'Secret as signature',
    sends: 'the secret as the whole header, and as v1 with and without t',
    requirement: 'refuses all of them: the secret is a key, never a password',
    level: 'must',
    basis: 'general practice',
    source: 'seen in public receivers',
    forgeries: [
      wrong('the secret alone', 'secret-itself', ({ v1 }) => v1),
      wrong('v1 alone', 'secret-itself', ({ v1 }) => `v1=${v1}`),
      wrong('t and v1', 'secret-itself'),
    ],
  }),
  forgeryCheck({
    id: 'SIG-13',
    slug: 'empty-or-placeholder-key',
    title: 'Empty or placeholder key',
    sends: "events signed with the key '', 'undefined', 'null' and 'whsec_test'",
    requirement: 'refuses all of them: an unset secret is not a key',
    level: 'must',
    basis: 'general practice',
    source: 'seen in public receivers: a template string over an unset variable',
    forgeries: [
      wrong('empty key', 'key-empty'),
      wrong("key 'undefined'", 'key-undefined'),
      wrong("key 'null'", 'key-null'),
      wrong("key 'whsec_test'", 'key-placeholder'),
    ],
  }),
  forgeryCheck({
    id: 'SIG-14',
    slug: 'key-prefix-as-documented',
    title: 'Key prefix handled as documented',
    sends: 'events signed with the secret without its prefix, and with the rest base64-decoded',
    requirement: 'refuses both: the key is the whole string',
    level: 'must',
    basis: 'Persona documents',
    source: `${SOURCE}; Svix, verifying payloads (base64 keys)`,
    forgeries: [
      wrong('without the prefix', 'key-without-prefix'),
      wrong('base64-decoded', 'key-base64-decoded'),
    ],
  }),
  {
    id: 'SIG-15',
    slug: 'signature-of-another-event',
    title: 'Signature moved between events',
    sends: 'a genuine event, then another one in the same second with the header of the first',
    requirement: 'refuses the other one: a signature belongs to one body',
    level: 'must',
    basis: 'general practice',
    source: 'Standard Webhooks: verifying signatures',
    isNegative: true,
    provesAlone: true,
    async run(context) {
      const [first, other] = [await context.sample(), await context.sample()];
      const signature = context.sign(first.body);
      await context.send(first, { label: 'genuine', signature });
      const exchange = await context.send(other, { label: 'with the header of the first', signature });
      const { eventId } = other;
      return mustReject(exchange, context, { eventId, what: 'an event with the header of another' });
    },
  },
];

function asDocumented({ t, v1 }: SignatureSet): string {
  return `t=${t},v1=${v1}`;
}

function wrong(variant: string, id: string, header = asDocumented): Forgery {
  const form = wrongForm(id);
  return {
    variant,
    what: `a signature in another scheme (${variant})`,
    forge: ({ body }: Sample, context: CheckContext) => {
      const t = String(context.nowSeconds());
      const v1 = form.compute({ body, secret: context.secret.reveal(), t });
      return v1 === undefined ? undefined : { signature: header({ t, v1 }) };
    },
  };
}

function labelled(label: string): Forgery {
  return {
    variant: `labelled ${label}`,
    what: `a digest labelled ${label}`,
    forge: ({ body }, context) => ({ signature: context.sign(body).replace('v1=', `${label}=`) }),
  };
}
