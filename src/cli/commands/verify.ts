import { diskFiles } from '../../fixture/files.ts';
import { USUAL_TOLERANCE_SECONDS } from '../../persona/contract.ts';
import { formatSpan } from '../../report/duration.ts';
import { explainSignature } from '../../signing/explain-signature.ts';
import { verify, type Verification } from '../../signing/verify.ts';
import type { CommandContext, ConfigureCommand } from '../context.ts';
import { UsageError } from '../../errors.ts';
import { EXIT } from '../exit-codes.ts';
import { collect, time } from '../flags/event.ts';
import { secretsFrom, type SecretFlags } from './sign.ts';

interface Flags extends SecretFlags {
  readonly signature: string;
  readonly otherSecret?: string[];
  readonly at?: Date;
  readonly ignoreTime?: boolean;
  readonly to?: URL;
}

const EXAMPLES = `
Examples:
  $ hookcast verify body.json --signature 't=1764686826,v1=db10…' --ignore-time
  $ hookcast verify body.json --signature "$HEADER" --at 2025-12-02T14:47:06Z --secret "$SECRET"

body.json must hold the bytes that arrived: a pretty-printed copy has another signature.
When it does not verify, the known mistakes are tried and the one that fits is named, also the ways in which
JavaScript, Python, Ruby, PHP, Go, Java and C# print JSON again. --to tries the path of your receiver, too.
`;

export const configure: ConfigureCommand = (command, context) => {
  command
    .argument('<body-file>', 'the bytes that arrived')
    .requiredOption('--signature <header>', 'the value of Persona-Signature')
    .option('--secret <text>', 'webhook secret (or PERSONA_WEBHOOK_SECRET); twice: either may sign', collect)
    .option(
      '--other-secret <text>',
      'a secret that should not sign: an expired one, or of another webhook',
      collect,
    )
    .option(
      '--at <time>',
      `judge the age of t at this time (default: now), within ${USUAL_TOLERANCE_SECONDS} s`,
      time,
    )
    .option('--ignore-time', 'do not judge the age of t')
    .option('--to <url>', 'where the request went: tries signatures over the path as well', url)
    .addHelpText('after', EXAMPLES)
    .action(async (path: string, flags: Flags) => {
      await verifyFile(path, flags, context);
    });
};

async function verifyFile(path: string, flags: Flags, context: CommandContext): Promise<void> {
  const body = await diskFiles.read(path);
  const secrets = secretsFrom(flags, context);
  const nowSeconds = flags.ignoreTime === true ? undefined : timeOf(flags);
  const toleranceSeconds = USUAL_TOLERANCE_SECONDS;
  const verification = verify(body, flags.signature, { secrets, nowSeconds, toleranceSeconds });
  const isValid = verification.kind === 'valid' && !isInMilliseconds(verification);
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
  return isInMilliseconds(verification) ? 'not valid' : verification.kind;
}

/** Seconds have ten digits until the year 2286. */
function isInMilliseconds(verification: Verification): boolean {
  return 'timestampSeconds' in verification && verification.timestampSeconds >= 1e11;
}

function describe(verification: Verification): string {
  if (isInMilliseconds(verification))
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
  if (URL.canParse(text)) return new URL(text);
  throw new UsageError(`--to ${text}: expected a URL such as http://localhost:3000/webhooks`);
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
