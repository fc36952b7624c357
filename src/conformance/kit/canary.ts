import { scalar } from '../../json/node.ts';
import type { Exchange, Random } from '../../ports.ts';
import type { CheckContext, Sample } from '../check.ts';
import { addMembers, field, FIELDS, rewritten } from './rewrite.ts';

/** A person who is found again wherever the data went. */
export interface Canary {
  readonly name: string;
  readonly birthdate: string;
  readonly identificationNumber: string;
}

export function newCanary({ random }: { random: Random }): Canary {
  const draw = (alphabet: string, length: number) =>
    Array.from({ length }, () => alphabet[random.below(alphabet.length)] ?? '').join('');
  const twoDigits = (limit: number) => String(random.below(limit) + 1).padStart(2, '0');
  return {
    name: `Zq${draw('bcdfghjklmnpqrstvwxz', 10)}`,
    // Nobody's birthdate today, so that no date of the answer is mistaken for it.
    birthdate: `18${twoDigits(90)}-${twoDigits(12)}-${twoDigits(28)}`,
    identificationNumber: `ZQ${draw('0123456789', 12)}`,
  };
}

/** Which of the canary's data stand in a text, in words. */
export function traces(canary: Canary, text: string): string[] {
  const lower = text.toLowerCase();
  const found = (value: string) => lower.includes(value.toLowerCase());
  return [
    ...(found(canary.name) ? ['the name'] : []),
    ...(found(canary.birthdate) ? ['the birthdate'] : []),
    ...(found(canary.identificationNumber) ? ['the identification number'] : []),
  ];
}

export async function canarySample(context: CheckContext, canary: Canary): Promise<Sample> {
  const values = {
    'fields.name-first.value': canary.name,
    'fields.birthdate.value': canary.birthdate,
    'fields.identification-number.value': canary.identificationNumber,
  };
  const overrides = Object.entries(values).map(
    ([path, text]) => ({ kind: 'set', path, value: scalar(text) }) as const,
  );
  const plain = await context.sample();
  if (plain.event.name.startsWith('inquiry.')) return context.sample(undefined, { overrides });
  const fields = Object.entries(values).map(([path, text]) =>
    field(path.split('.')[1] ?? '', JSON.stringify(text)),
  );
  return rewritten(plain, (document) => addMembers(document, FIELDS, fields));
}

/** Data of the canary in all ways in which a receiver can meet it: accepted, refused, and unreadable. */
export async function releaseCanary(
  context: CheckContext,
  canary: Canary,
): Promise<readonly (readonly [what: string, exchange: Exchange])[]> {
  const [genuine, forged] = [await canarySample(context, canary), await canarySample(context, canary)];
  const signature = context.sign(forged.body, { secrets: [context.foreignSecret] });
  // Short: parsers quote the beginning of what they cannot read.
  const unreadable = Buffer.from(canary.name);
  return [
    ['accepted event', await context.send(genuine, { label: 'genuine' })],
    ['forged event', await context.send(forged, { label: 'forged', signature })],
    ['body that is not JSON', await context.send(unreadable, { label: 'not JSON, signed' })],
  ];
}
