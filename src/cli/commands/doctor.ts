import { systemClock } from '../../delivery/system-clock.ts';
import { printable } from '../../text/printable.ts';
import { EXIT, type CommandContext } from '../context.ts';
import type { Finding } from '../doctor/finding.ts';
import { commandOf, flagsOf, reworded, type ValuesOf } from '../flags/flag.ts';
import { inFlags } from '../flags/in-flags.ts';
import { OUTPUT, readCa, TARGET } from '../flags/run.ts';
import { resolveWebhooks } from '../steps/resolve-webhooks.ts';

const EXAMPLES = `
Looks at Node, the project file, the secret, the name, the connection, TLS, the path, the clock and one genuine event,
in this order, and says how to fix what is wrong.

Exit codes: 0 no problem, 1 a problem.

Examples:
  $ hookcast doctor --to http://localhost:3000/webhooks
  $ hookcast doctor --to https://receiver.test/webhooks --ca ca.pem --json
`;

const FLAGS = flagsOf(undefined, {
  to: TARGET.to,
  secret: { spelling: '--secret <text>', description: 'the secret it knows (or PERSONA_WEBHOOK_SECRET)' },
  webhook: { spelling: '--webhook <file>', description: 'how the webhook is configured at Persona' },
  allowRemote: reworded(TARGET.allowRemote, 'examine addresses outside this machine and private networks'),
  insecure: TARGET.insecure,
  ca: TARGET.ca,
  json: reworded(OUTPUT.json, 'one object per finding, one per line'),
});
type Flags = ValuesOf<typeof FLAGS>;

export const configure = commandOf({ flags: [FLAGS], help: EXAMPLES, run: doctor });

async function doctor(flags: Flags, context: CommandContext): Promise<void> {
  const { to, secret, webhook, allowRemote, insecure } = flags;
  const [attributes = {}] = await resolveWebhooks(
    {
      ...(to === undefined ? {} : { to }),
      ...(secret === undefined ? {} : { secret: [secret] }),
      ...(webhook === undefined ? {} : { webhook: [webhook] }),
    },
    context,
  );
  const { configureWebhook } = await import('../../webhook/configure.ts');
  const { endpoint } = configureWebhook(attributes);
  const { examine } = await import('../doctor/examine.ts');
  const connection = { allowRemote, insecure, ca: await readCa(flags) };
  const findings = examine({
    projectFile: context.projectFile,
    webhook: { ...attributes, url: endpoint.url.href },
    secret: endpoint.secrets[0]?.secret.reveal(),
    connection,
    clock: systemClock,
    signal: context.io.interrupted,
  });
  for await (const found of findings) {
    const finding = findingInFlags(found, context);
    if (finding.state === 'problem') context.exitCode = EXIT.failed;
    if (flags.json === true) context.print(JSON.stringify(finding));
    else printFinding(finding, context);
  }
}

function findingInFlags({ seen, mend, ...finding }: Finding, { command }: CommandContext): Finding {
  const advice = mend === undefined ? {} : { mend: inFlags(mend, command) };
  return { ...finding, seen: inFlags(seen, command), ...advice };
}

function printFinding({ what, state, seen, mend }: Finding, context: CommandContext): void {
  const { chalk } = context;
  const marks = {
    ok: chalk.green('✓'),
    warning: chalk.yellow('!'),
    problem: chalk.red('✗'),
    skipped: chalk.dim('-'),
  };
  context.print(`${marks[state]} ${what.padEnd(10)}  ${printable(seen)}`);
  if (mend !== undefined) context.print(`  ${''.padEnd(10)}  → ${printable(mend)}`);
}
