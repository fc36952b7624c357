import type { Secret } from '../../signing/sign.ts';
import { scalar } from '../../json/node.ts';
import type { Exchange, Random } from '../../ports.ts';
import type { CheckContext, Sample } from '../check.ts';
import { signedByStranger } from './expect.ts';
import { addMembers, field, FIELDS, rewritten } from './rewrite.ts';

/** What an answer should not contain: a secret is a failure, a hint at one is not yet. */
export interface Leak {
  readonly what: string;
  readonly isGrave: boolean;
  /** The line of the answer that says so, short; undefined where it must not be shown. */
  readonly line: string | undefined;
}

const STACK_TRACES = [
  /\bat [^\n<"{}]*[(/\\][^\n<)"{}]*:\d+:\d+\)?/, // JavaScript, also in an HTML error page; not JSON with times
  /Traceback \(most recent call last\)/,
  /\bFile "[^"\n]+", line \d+/,
  /\bgoroutine \d+ \[/,
  /\.rb:\d+:in /,
  /\.php(?::\d+|\(\d+\))/,
  /\bat [\w.$]+\(\w+\.(?:java|kt):\d+\)/,
];

/** Names like `PERSONA_WEBHOOK_SECRET`; an error code such as `INVALID_TOKEN` does not count. */
const ENVIRONMENT_NAME =
  /\b(?:[A-Z0-9]+_)*(?:PERSONA|WEBHOOK|DATABASE|AWS)(?:_[A-Z0-9]+)*_(?:SECRET|KEY|TOKEN|URL)\b/;

interface Context {
  readonly secret: Secret;
  /** The signatures that the receiver was to compute. */
  readonly digests: readonly string[];
  /** What was sent: text that is quoted back was known to the sender. */
  readonly sent: string;
}

export function leaksIn(text: string, { secret, digests, sent }: Context): Leak[] {
  const isNews = (spelling: string) => text.includes(spelling) && !sent.includes(spelling);
  const trace = STACK_TRACES.map((form) => form.exec(text)).find((match) => match !== null);
  const name = ENVIRONMENT_NAME.exec(text);
  return [
    ...(spellingsOf(secret.reveal()).some(isNews) ? [grave('the secret')] : []),
    ...(digests.some(isNews) ? [grave('the expected signature')] : []),
    ...(trace ? [grave('a stack trace', lineAt(text, trace.index))] : []),
    ...(name === null || sent.includes(name[0])
      ? []
      : [{ what: 'the name of an environment variable', isGrave: false, line: lineAt(text, name.index) }]),
  ];
}

function grave(what: string, line?: string): Leak {
  return { what, isGrave: true, line };
}

const LINE_LENGTH = 100;

function lineAt(text: string, index: number): string {
  const start = text.lastIndexOf('\n', index) + 1;
  const end = text.indexOf('\n', index);
  const line = text.slice(Math.max(start, index - 20), end === -1 ? undefined : end).trim();
  return line.length > LINE_LENGTH ? `${line.slice(0, LINE_LENGTH)}…` : line;
}

function spellingsOf(secret: string): string[] {
  const bytes = Buffer.from(secret, 'utf8');
  const rest = secret.replace(/^[a-z]+_/, '');
  // A short rest would be found in many a harmless word.
  return [secret, ...(rest.length >= 16 ? [rest] : []), bytes.toString('base64'), bytes.toString('hex')];
}

/** A person whose data can be recognised wherever it went. */
interface Canary {
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
    // A birthdate that is not today, so that no date of the answer is mistaken for it.
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
  // Short: parsers quote the beginning of what they cannot read.
  const unreadable = Buffer.from(canary.name);
  return [
    ['accepted event', await context.send(genuine, { label: 'genuine' })],
    ['forged event', await context.send(forged, { label: 'forged', ...signedByStranger(forged, context) })],
    ['body that is not JSON', await context.send(unreadable, { label: 'not JSON, signed' })],
  ];
}
