import { NEW_SOURCE_ADDRESS, OLD_SOURCE_ADDRESSES } from '../../persona/source-addresses.ts';
import { Secret } from '../../signing/sign.ts';
import type { Check, Verdict, CheckContext } from '../check.ts';
import { countOf, times } from '../kit/effects.ts';
import { describeExchange, gravest, isAccepted, mustReject, statusOf, verdict } from '../kit/expect.ts';
import { restart, sendWhenUp } from '../kit/outage.ts';
import { SEC_ABUSE_CHECKS } from './sec-abuse.ts';
import { SEC_LEAK_CHECKS } from './sec-leak.ts';

export const SEC_CHECKS: readonly Check[] = [
  ...SEC_LEAK_CHECKS,
  ...SEC_ABUSE_CHECKS,
  {
    id: 'SEC-07',
    slug: 'source-address-no-substitute',
    title: 'A source address is no substitute',
    sends: "a forged event that says it comes from Persona's addresses; a genuine one from a newer address",
    requirement: 'refuses the first, accepts the second: only the signature tells',
    level: 'must',
    basis: 'general practice',
    source: 'robustness: X-Forwarded-For is written by whoever sends, and lists of addresses grow',
    isNegative: true,
    async run(context) {
      const verdicts = [{ ...(await forgedFrom(context)), variant: "from Persona's address, forged" }];
      const exchange = await context.send(await context.sample(), {
        label: 'genuine, from a newer address',
        headers: cameFrom(NEW_SOURCE_ADDRESS),
      });
      const seen = describeExchange(exchange);
      // Right only where the owner wants a list, and then keeps it up to date.
      const kind = isAccepted(exchange, context) ? 'pass' : 'non-strict';
      verdicts.push({ ...verdict(kind, this.requirement, seen), variant: 'from a newer address, genuine' });
      return gravest(verdicts);
    },
  },
  {
    id: 'SEC-08',
    slug: 'unset-secret-fails-closed',
    title: 'Unset secret fails closed',
    sends: 'unsigned events, and events signed with an empty key, to a receiver without its secret',
    requirement: 'refuses them, or refuses to start; never processes one',
    level: 'must',
    basis: 'general practice',
    source: 'robustness: a forgotten variable must not switch the signature off',
    needs: ['hook:unset-secret', 'hook:restart'],
    isNegative: true,
    async run(context) {
      const verdicts = [];
      try {
        await context.hook('unset-secret');
        for (const variant of UNSET_VARIANTS) {
          const { isUp, ...answer } = await withoutSecret(context, variant, this.requirement);
          verdicts.push({ ...answer, variant });
          if (!isUp) break;
        }
      } finally {
        await restart(context);
      }
      return gravest(verdicts);
    },
  },
];

function cameFrom(address: string): Record<string, string> {
  return { 'X-Forwarded-For': address, 'X-Real-IP': address };
}

async function forgedFrom(context: CheckContext): Promise<Verdict> {
  const sample = await context.sample();
  const exchange = await context.send(sample, {
    label: "forged, from Persona's address",
    signature: context.sign(sample.body, { secrets: [context.foreignSecret] }),
    headers: cameFrom(OLD_SOURCE_ADDRESSES[0]),
  });
  return mustReject(exchange, context, {
    eventId: sample.eventId,
    what: 'a forged event from a known address',
  });
}

/** What code may sign with when no secret is set. */
const UNSET_VARIANTS = ['unsigned', 'empty key', "key 'undefined'", "key 'null'"] as const;
const KEYS: Readonly<Partial<Record<(typeof UNSET_VARIANTS)[number], string>>> = {
  'empty key': '',
  "key 'undefined'": 'undefined',
  "key 'null'": 'null',
};

async function withoutSecret(
  context: CheckContext,
  variant: (typeof UNSET_VARIANTS)[number],
  expected: string,
): Promise<Verdict & { readonly isUp: boolean }> {
  const sample = await context.sample();
  const key = KEYS[variant];
  const signature = key === undefined ? null : context.sign(sample.body, { secrets: [new Secret(key)] });
  const exchange = await sendWhenUp(context, () =>
    context.send(sample, { label: `secret unset, ${variant}`, signature }),
  );
  const seen = describeExchange(exchange);
  if (exchange.kind === 'unreachable') {
    return { ...verdict('pass', expected, `${seen}: does not start`), isUp: false };
  }
  const count = context.oracle === undefined ? undefined : await countOf(context, sample);
  return { ...judgeUnset({ status: statusOf(exchange) ?? 0, count, seen }, expected), isUp: true };
}

function judgeUnset(
  { status, count, seen }: { status: number; count: number | undefined; seen: string },
  expected: string,
): Verdict {
  if (count !== undefined && count > 0) {
    return verdict('fail', expected, `${seen}, and processed ${times(count)}`);
  }
  // Here an error is as good as a refusal: there is nothing to verify with.
  if (status >= 400) return verdict('pass', expected, seen);
  if (count === undefined) return verdict('needs-oracle', expected, `${seen}: was it processed?`);
  return verdict('non-strict', expected, `${seen}, but not processed`);
}
