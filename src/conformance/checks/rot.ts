import type { Check, Verdict, CheckContext } from '../check.ts';
import { forgeryCheck, gravest, mustAccept, mustNotBreak } from '../kit/expect.ts';

const SOURCE = 'Persona, Webhook Best Practices: rotating secrets';

/** During a rotation the header holds two complete sets, separated by a space. */
export const ROT_CHECKS: readonly Check[] = [
  {
    id: 'ROT-01',
    slug: 'known-secret-first',
    title: 'Rotation: known secret first',
    sends: "a genuine event signed with two secrets, the receiver's first",
    requirement: 'accepts when any of the sets matches',
    level: 'must',
    basis: 'Persona requires',
    source: SOURCE,
    run: (context) => sendTwoSets(context, 'first'),
  },
  {
    id: 'ROT-02',
    slug: 'known-secret-second',
    title: 'Rotation: known secret second',
    sends: "a genuine event signed with two secrets, the receiver's second",
    requirement: 'accepts when any of the sets matches',
    level: 'must',
    basis: 'Persona requires',
    source: SOURCE,
    run: (context) => sendTwoSets(context, 'second'),
  },
  forgeryCheck({
    id: 'ROT-03',
    slug: 'neither-secret-known',
    title: 'Rotation: neither secret known',
    sends: 'an event signed twice, with two secrets that the receiver does not know',
    requirement: 'refuses when no set matches',
    level: 'must',
    basis: 'Persona recommends',
    source: SOURCE,
    forgeries: [
      {
        variant: 'two foreign sets',
        what: 'two sets with foreign secrets',
        forge: ({ body }, context) => ({
          signature: context.sign(body, { secrets: [context.foreignSecret, context.foreignSecret] }),
        }),
      },
    ],
  }),
  {
    id: 'ROT-04',
    slug: 'different-timestamps',
    title: 'Rotation: each set with its own t',
    sends: 'two sets with different t, the valid one first and then second',
    requirement: 'checks each digest with the t of its own set',
    level: 'should',
    basis: 'Persona documents',
    source: `${SOURCE}: each set carries its own t`,
    async run(context) {
      const { foreignSecret } = context;
      const verdicts = [];
      for (const variant of ['valid set first', 'valid set second']) {
        const sample = await context.sample();
        const timestampSeconds = context.nowSeconds() - 1;
        const foreign = context.sign(sample.body, { secrets: [foreignSecret], timestampSeconds });
        const sets = [context.sign(sample.body), foreign];
        const signature = (variant === 'valid set first' ? sets : sets.reverse()).join(' ');
        const exchange = await context.send(sample, { label: variant, signature });
        verdicts.push({ ...mustAccept(exchange, context, 'two sets with different t'), variant });
      }
      return gravest(verdicts);
    },
  },
  {
    id: 'ROT-05',
    slug: 'malformed-or-third-set',
    title: 'Rotation: malformed set beside a good one, three sets',
    sends: 'a malformed set before the good one; three sets with the good one last',
    requirement: 'accepts, or at least does not break',
    level: 'may',
    basis: 'general practice',
    source: 'robustness: a set that cannot be read is a set that does not match',
    async run(context) {
      const { foreignSecret } = context;
      const verdicts = [];
      for (const variant of ['malformed set first', 'three sets']) {
        const sample = await context.sample();
        const good = context.sign(sample.body);
        const foreign = context.sign(sample.body, { secrets: [foreignSecret] });
        const signature = variant === 'three sets' ? `${foreign} ${foreign} ${good}` : `t=x,v1=zz ${good}`;
        const exchange = await context.send(sample, { label: variant, signature });
        verdicts.push({ ...mustNotBreak(exchange, 'an odd set beside a good one'), variant });
      }
      return gravest(verdicts);
    },
  },
];

async function sendTwoSets(context: CheckContext, known: 'first' | 'second'): Promise<Verdict> {
  const sample = await context.sample();
  const secrets = [context.secret, context.foreignSecret];
  const signature = context.sign(sample.body, { secrets: known === 'first' ? secrets : secrets.reverse() });
  const exchange = await context.send(sample, { label: `known secret ${known}`, signature });
  return mustAccept(exchange, context, `a header whose ${known} set matches`);
}
