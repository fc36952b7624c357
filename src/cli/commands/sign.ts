import { SIGNATURE_HEADER } from '../../persona/contract.ts';
import { DEVELOPMENT_SECRET, Secret, sign } from '../../signing/sign.ts';
import type { CommandContext } from '../context.ts';
import { readBody } from '../files/read-body.ts';
import { commandOf, reworded, type ValuesOf } from '../flags/flag.ts';
import { RUN, SIGNING, type SigningFlags } from '../flags/run.ts';

const EXAMPLES = `
Examples:
  $ hookcast sign body.json --secret "$PERSONA_WEBHOOK_SECRET"
  $ hookcast sign body.json --secret "$NEW" --secret "$OLD" --at 1764686826
  $ curl -H "$(hookcast sign body.json)" --data-binary @body.json http://localhost:3000/webhooks
`;

const SIGN = {
  secret: SIGNING.secret,
  at: reworded(RUN.at, 'the timestamp t: ISO 8601 or unix seconds (default: now)'),
};

export const configure = commandOf({
  argument: ['<body-file>', 'the bytes to sign, as they will be sent; - for standard input'],
  flags: [SIGN],
  help: EXAMPLES,
  run: signFile,
});

async function signFile(path: string, flags: ValuesOf<typeof SIGN>, context: CommandContext): Promise<void> {
  const body = await readBody(path, context);
  const seconds = Math.floor((flags.at?.getTime() ?? Date.now()) / 1000);
  context.print(`${SIGNATURE_HEADER}: ${sign(body, secretsFrom(flags, context), seconds)}`);
}

/** The flag, then the environment, then the fixed development secret, which is named. */
export function secretsFrom(flags: Pick<SigningFlags, 'secret'>, context: CommandContext): Secret[] {
  const known = knownSecrets(flags, context);
  if (known.length === 0)
    context.note(`using the development secret ${DEVELOPMENT_SECRET}; for another pass --secret`);
  const secrets = known.length === 0 ? [new Secret(DEVELOPMENT_SECRET)] : known;
  for (const { oddity } of secrets) if (oddity !== undefined) context.warn(`the secret ${oddity}`);
  return secrets;
}

/** Those of the flag, or else of the environment; there may be none. */
export function knownSecrets({ secret }: Pick<SigningFlags, 'secret'>, { io }: CommandContext): Secret[] {
  const { PERSONA_WEBHOOK_SECRET: fromEnvironment = '' } = io.env;
  const given = secret ?? (fromEnvironment === '' ? [] : [fromEnvironment]);
  return given.map((text) => new Secret(text));
}
