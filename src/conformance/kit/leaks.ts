import type { Secret } from '../../signing/secret.ts';

/** What stands in an answer that should not: a secret is a failure, a hint at one is not yet. */
export interface Leak {
  readonly what: string;
  readonly isGrave: boolean;
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

/** Names like `PERSONA_WEBHOOK_SECRET`; an error code such as `INVALID_TOKEN` is none. */
const ENVIRONMENT_NAME =
  /\b(?:[A-Z0-9]+_)*(?:PERSONA|WEBHOOK|DATABASE|AWS)(?:_[A-Z0-9]+)*_(?:SECRET|KEY|TOKEN|URL)\b/;

/** @param digests - the signatures that the receiver was to compute */
export function leaksIn(text: string, secret: Secret, digests: readonly string[] = []): Leak[] {
  const spellings = spellingsOf(secret.reveal());
  return [
    ...(spellings.some((spelling) => text.includes(spelling)) ? [grave('the secret')] : []),
    ...(digests.some((digest) => text.includes(digest)) ? [grave('the expected signature')] : []),
    ...(STACK_TRACES.some((form) => form.test(text)) ? [grave('a stack trace')] : []),
    ...(ENVIRONMENT_NAME.test(text) ? [{ what: 'the name of an environment variable', isGrave: false }] : []),
  ];
}

function grave(what: string): Leak {
  return { what, isGrave: true };
}

function spellingsOf(secret: string): string[] {
  const bytes = Buffer.from(secret, 'utf8');
  const rest = secret.replace(/^[a-z]+_/, '');
  // A short rest would be found in many a harmless word.
  return [secret, ...(rest.length >= 16 ? [rest] : []), bytes.toString('base64'), bytes.toString('hex')];
}
