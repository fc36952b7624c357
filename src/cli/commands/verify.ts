import { USUAL_TOLERANCE_SECONDS } from '../../persona/contract.ts';
import { formatSpan } from '../../report/duration.ts';
import { explainSignature } from '../../signing/explain-signature.ts';
import { isInMilliseconds, verify, type Verification } from '../../signing/verify.ts';
import { EXIT, type CommandContext } from '../context.ts';
import { UsageError } from '../../errors.ts';
import { httpUrl, urlFault } from '../../text/http-url.ts';
import { readBody } from '../files/read-body.ts';
import { commandOf, flagsOf, GROUP, reworded, type ValuesOf } from '../flags/flag.ts';
import { RUN, SIGNING } from '../flags/run.ts';
import { collect } from '../flags/values.ts';
import { secretsFrom } from './sign.ts';

const EXAMPLES = `
Examples:
  $ hookcast verify body.json --signature 't=1764686826,v1=db10…' --ignore-time
  $ hookcast verify body.json --signature "$HEADER" --at 2025-12-02T14:47:06Z --secret "$SECRET"

body.json must hold the bytes that arrived: a pretty-printed copy has another signature.
When it does not verify, the known mistakes are tried and the one that fits is named, also the ways in which
JavaScript, Python, Ruby, PHP, Go, Java and C# print JSON again. --to tries the path of your receiver, too.
`;

const VERIFY = flagsOf(GROUP.signing, {
  signature: {
    spelling: '--signature <header>',
    description: 'the value of Persona-Signature',
    mandatory: true,
  },
  secret: reworded(SIGNING.secret, 'webhook secret (or PERSONA_WEBHOOK_SECRET); twice: either may sign'),
  otherSecret: {
    spelling: '--other-secret <text>',
    description: 'a secret that should not sign: an expired one, or one of another webhook',
    parse: collect,
  },
  at: reworded(RUN.at, `judge the age of t at this time (default: now), within ${USUAL_TOLERANCE_SECONDS} s`),
  ignoreTime: { spelling: '--ignore-time', description: 'do not judge the age of t' },
  to: {
    spelling: '--to <url>',
    description: 'where the request went: tries signatures over the path as well',
    parse: url,
  },
});
type Flags = ValuesOf<typeof VERIFY>;

export const configure = commandOf({
  argument: ['<body-file>', 'the bytes that arrived; - for standard input'],
  flags: [VERIFY],
  help: EXAMPLES,
  run: verifyFile,
});

async function verifyFile(path: string, flags: Flags, context: CommandContext): Promise<void> {
  const body = await readBody(path, context);
  const secrets = secretsFrom(flags, context);
  const nowSeconds = flags.ignoreTime === true ? undefined : timeOf(flags);
  const toleranceSeconds = USUAL_TOLERANCE_SECONDS;
  const verification = verify(body, flags.signature, { secrets, nowSeconds, toleranceSeconds });
  const isValid = verification.kind === 'valid' && !hasMilliseconds(verification);
  context.exitCode = isValid ? EXIT.ok : EXIT.failed;
  const pen = isValid ? context.chalk.green : context.chalk.red;
  context.print(pen(`${wordFor(verification)}: ${describe(verification)}`));
  if (verification.kind !== 'mismatch') return;
  const otherSecrets = (flags.otherSecret ?? [])
    .map((text) => secretsFrom({ secret: [text] }, context))
    .flat();
  const explanation = explainSignature({
    ...{ body, sets: verification.sets, secrets, otherSecrets, url: flags.to },
  });
  context.print(explanation.text);
}

function timeOf({ at }: Flags): number {
  return (at?.getTime() ?? Date.now()) / 1000;
}

function wordFor(verification: Verification): string {
  return hasMilliseconds(verification) ? 'not valid' : verification.kind;
}

function hasMilliseconds(verification: Verification): boolean {
  return 'timestampSeconds' in verification && isInMilliseconds(verification.timestampSeconds);
}

function describe(verification: Verification): string {
  if (hasMilliseconds(verification))
    return "the signature is right, but t is in milliseconds; Persona's t is in seconds";
  switch (verification.kind) {
    case 'valid':
      return `signed at ${isoTime(verification.timestampSeconds)}`;
    case 'stale':
      return `the signature is right, but t is ${age(verification.ageSeconds)}; use --at <time> or --ignore-time for a recorded one`;
    case 'mismatch':
      return 'no set of the header was made from these bytes with this secret';
    case 'malformed':
      return verification.reason;
  }
}

function url(text: string): URL {
  const parsed = httpUrl(text);
  if (parsed === undefined)
    throw new UsageError(`--to ${urlFault(text, 'a URL such as http://localhost:3000/webhooks')}`);
  return parsed;
}

function isoTime(seconds: number): string {
  const date = new Date(seconds * 1000);
  return Number.isFinite(date.getTime()) ? date.toISOString().replace('.000', '') : `t=${seconds}`;
}

function age(seconds: number): string {
  const span = formatSpan(Math.abs(seconds) * 1000);
  return seconds < 0
    ? `${span} in the future`
    : `${span} old (receivers usually allow ${USUAL_TOLERANCE_SECONDS} s)`;
}
