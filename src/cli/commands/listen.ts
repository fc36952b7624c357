import { stringAt } from '../../json/node.ts';
import { jsonIn } from '../../json/text.ts';
import { ATTEMPTS_LEFT_HEADER, ATTEMPTS_MADE_HEADER } from '../../persona/contract.ts';
import { parseScript, type Reaction } from '../../receiver/reaction.ts';
import { startReceiver, type Received } from '../../receiver/start-receiver.ts';
import { formatElapsed } from '../../report/duration.ts';
import { printable } from '../../text/printable.ts';
import type { Secret } from '../../signing/sign.ts';
import type { CommandContext } from '../context.ts';
import { commandOf, flagsOf, GROUP, reworded, type ValuesOf } from '../flags/flag.ts';
import { SIGNING, LISTEN } from '../flags/run.ts';
import { describeSignature } from '../views/signature-verdict.ts';
import { untilInterrupted } from '../terminal/interrupted.ts';
import { secretsFrom } from './sign.ts';

const EXAMPLES = `
Examples:
  $ hookcast listen
  $ hookcast listen --port 4000 --respond 500,hang,reset,redirect,slow:2s,200
  $ hookcast send inquiry.approved --to http://127.0.0.1:3000/webhooks --time-scale 1000

--respond says what each genuine request gets, one after the other; the last is for all that follow:
a status; hang (no answer); reset (connection closed); redirect; slow:2s (200 after 2 s); slow:6s:503.
A request that does not verify gets 401. Ctrl-C ends it.
`;

const FLAGS = {
  port: reworded(LISTEN.port, { default: 3000 }),
  host: LISTEN.host,
  secret: reworded(SIGNING.secret, 'webhook secret (or PERSONA_WEBHOOK_SECRET); twice: either may sign'),
  ...flagsOf(GROUP.what, {
    respond: {
      spelling: '--respond <list>',
      description: 'how to answer (default: always 200)',
      parse: parseScript,
    },
  }),
};
type Flags = ValuesOf<typeof FLAGS>;

export const configure = commandOf({ flags: [FLAGS], help: EXAMPLES, run: listen });

async function listen(flags: Flags, context: CommandContext): Promise<void> {
  const secrets = secretsFrom(flags, context);
  await using receiver = await startReceiver({
    ...flags,
    secrets,
    script: flags.respond,
    onRequest: (received) => {
      for (const line of describeRequest(received, secrets, context)) context.print(line);
    },
  });
  context.print(`listening on ${receiver.url} (any path); Ctrl-C ends it`);
  await untilInterrupted(context.io);
}

/** Everything of a request is untrusted: anyone can send one. */
export function describeRequest(
  received: Received,
  secrets: readonly Secret[],
  context: CommandContext,
): string[] {
  const { chalk } = context;
  const [name, id] = eventOf(received.body);
  const made = header(received, ATTEMPTS_MADE_HEADER);
  const left = header(received, ATTEMPTS_LEFT_HEADER);
  const attempt = made === '' ? '' : `  attempt ${made}, ${left} left`;
  const size = `${received.body.length} bytes`;
  const title = `${received.method} ${printable(received.path, 60)}  ${chalk.bold(name)}  ${id}${attempt}  ${size}`;
  const verdict = describeSignature(received.verification, { ...received, secrets });
  const isValid = received.verification.kind === 'valid';
  return [
    title,
    `  ${isValid ? chalk.green('✓') : chalk.red('✗')} ${verdict}`,
    chalk.dim(`  answer: ${describeReaction(received.reaction)}`),
  ];
}

function eventOf(body: Buffer): [name: string, id: string] {
  const document = jsonIn(body);
  if (document === undefined) return ['not JSON', ''];
  const name = stringAt(document, 'data', 'attributes', 'name') ?? 'no event name';
  return [printable(name, 60), printable(stringAt(document, 'data', 'id') ?? 'no event id', 40)];
}

function header({ headers }: Received, name: string): string {
  const value = headers[name.toLowerCase()];
  return typeof value === 'string' ? printable(value, 20) : '';
}

function describeReaction(reaction: Reaction): string {
  switch (reaction.kind) {
    case 'status':
      return reaction.delayMs === 0
        ? String(reaction.status)
        : `${reaction.status} after ${formatElapsed(reaction.delayMs)}`;
    case 'hang':
      return 'none (hang)';
    case 'reset':
      return 'none (connection reset)';
    case 'redirect':
      return '301';
  }
}
