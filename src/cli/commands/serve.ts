import { spawn } from 'node:child_process';
import type { Command } from 'commander';
import { diskFiles } from '../../fixture/files.ts';
import { UsageError } from '../../errors.ts';
import { ListenError } from '../../receiver/listen.ts';
import { isHomeLoopback, makeToken } from '../../server/network.ts';
import { probe } from '../../server/probe.ts';
import {
  DEFAULT_PORT,
  startServer,
  type RunningServer,
  type ServerOptions,
} from '../../server/start-server.ts';
import { KEEP_DEFAULT } from '../../server/create-state.ts';
import type { NewWebhook } from '../../server/webhooks/served-webhook.ts';
import { attemptRecordOf, deliveryRecordOf } from '../../server/views/json-records.ts';
import type { CommandContext, ConfigureCommand } from '../context.ts';
import { addWebhookOptions, collect, resolveWebhooks, webhookExtras, wholeNumber } from '../flags/event.ts';
import { journalOf, withJournalAt } from '../flags/journal.ts';
import { addPolicyOptions, resolvePolicy, resolveTimeScale } from '../flags/timing.ts';
import type { SendingFlags } from '../steps/simulators.ts';
import { untilInterrupted } from '../terminal/interrupted.ts';

type Flags = SendingFlags & {
  readonly port?: number;
  readonly host: string;
  readonly journal?: string;
  readonly keep: number;
  readonly ui: boolean;
  readonly open?: boolean;
  readonly readOnly?: boolean;
  readonly allowedHost?: string[];
  readonly corsOrigin?: string[];
};

const EXAMPLES = `
Examples:
  $ hookcast serve --to http://localhost:3000/webhooks
  $ hookcast serve --port 0 --json
  $ curl -X POST 'http://localhost:4665/v1/deliveries?wait=settled' \\
      -H 'Content-Type: application/json' -d '{"event": "inquiry.approved"}'

The routes: docs/serve.md, and GET /openapi.json. Ctrl-C ends it.
`;

export const configure: ConfigureCommand = (command, context) => {
  addPolicyOptions(addWebhookOptions(addServerOptions(command)))
    .option('--seed <number>', 'repeat the ids of an earlier run', wholeNumber)
    .option('--allow-remote', 'send to addresses outside this machine and private networks')
    .option('--insecure', 'accept any TLS certificate')
    .option('--ca <pem>', 'trust the certificate authorities in this file')
    .addHelpText('after', EXAMPLES)
    .action((flags: Flags) => serve(flags, context));
};

function addServerOptions(command: Command): Command {
  return command
    .option('--port <number>', `0 picks a free one (or HOOKCAST_PORT; default: ${DEFAULT_PORT})`, wholeNumber)
    .option('--host <address>', 'address to listen on; other than loopback needs a token', '127.0.0.1')
    .option('--keep <number>', 'how many settled deliveries to keep in memory', wholeNumber, KEEP_DEFAULT)
    .option('--journal <file>', 'write everything down, to go on after a crash (or HOOKCAST_JOURNAL)')
    .option('--store-secrets', 'keep secrets in the journal too: whoever reads it can sign')
    .option('--no-ui', 'serve the API without pages')
    .option('--open', 'open the page in a browser')
    .option('--read-only', 'refuse everything that changes something')
    .option('--allowed-host <name>', 'answer to this Host, too', collect)
    .option('--cors-origin <origin>', 'let web pages of this origin call the API', collect)
    .option('--json', 'one JSON object when ready, then one per attempt and delivery (NDJSON)');
}

async function serve(flags: Flags, context: CommandContext): Promise<void> {
  await withJournalAt(journalOf(flags, context), { context }, async (journal) => {
    const options = { ...(await serverOptions(flags, context)), journal };
    await using server = await start(options, context);
    announce(server, { flags, token: options.token }, context);
    await untilInterrupted(context.io.interrupted);
  });
}

async function start(options: ServerOptions, context: CommandContext): Promise<RunningServer> {
  try {
    return await startServer(options);
  } catch (error) {
    if (!(error instanceof ListenError) || !error.message.includes('is taken')) throw error;
    const port = options.port ?? DEFAULT_PORT;
    const version = await probe(`http://127.0.0.1:${port}`, context.io.interrupted);
    const owner = version === undefined ? 'another program' : `another hookcast serve (version ${version})`;
    const next = 'choose another with --port, or 0 for a free one';
    throw new ListenError(`port ${port} is taken by ${owner}; ${next}`, { cause: error });
  }
}

async function serverOptions(flags: Flags, context: CommandContext) {
  const { host, keep, readOnly, allowRemote, insecure, seed } = flags;
  const { env } = context.io;
  const isWide = !isHomeLoopback(host);
  const token = env['HOOKCAST_TOKEN'] ?? '';
  return {
    ...{ host, keep, readOnly, allowRemote, insecure, seed },
    port: portOf(flags, env),
    allowedHosts: flags.allowedHost,
    corsOrigins: flags.corsOrigin?.map(checkedOrigin),
    ui: flags.ui,
    storeSecrets: flags.storeSecrets,
    onWarning: (warning: string) => context.warn(warning),
    ca: flags.ca === undefined ? undefined : (await diskFiles.read(flags.ca)).toString('utf8'),
    webhooks: await webhooksOf(flags, context),
    // On loopback whoever can connect can also read the files of the user.
    token: token !== '' ? token : isWide ? makeToken() : undefined,
    onBug: (error: unknown) =>
      context.note(
        `a bug in hookcast, please report it: ${error instanceof Error ? error.stack : String(error)}`,
      ),
  };
}

function portOf({ port }: Flags, env: CommandContext['io']['env']): number {
  const text = env['HOOKCAST_PORT'] ?? '';
  const given = port ?? (text === '' ? DEFAULT_PORT : Number(text));
  if (Number.isInteger(given) && given >= 0 && given <= 65_535) return given;
  const name = port === undefined ? 'HOOKCAST_PORT' : '--port';
  throw new UsageError(`${name} ${port ?? text}: expected a whole number from 0 to 65535`);
}

/** `https://app.example:8080`, as browsers say it. @throws {UsageError} */
function checkedOrigin(text: string): string {
  const origin = URL.canParse(text) ? new URL(text).origin : 'null';
  if (origin === text) return text;
  const guess = origin === 'null' ? '' : `; did you mean ${origin}?`;
  throw new UsageError(`--cors-origin ${text}: expected an origin such as http://localhost:5173${guess}`);
}

/** None without `--to`, `--webhook` or HOOKCAST_URL: they come through the API then. */
async function webhooksOf(flags: Flags, context: CommandContext): Promise<NewWebhook[]> {
  const isNamed = flags.to !== undefined || flags.webhook !== undefined;
  if (!isNamed && (context.io.env['HOOKCAST_URL'] ?? '') === '') return [];
  const shared = {
    policy: await resolvePolicy(flags),
    timeScale: resolveTimeScale(flags),
    seed: flags.seed,
    extras: webhookExtras(flags),
  };
  return (await resolveWebhooks(flags, context)).map((attributes) => ({ ...shared, attributes }));
}

function announce(
  { url, state }: RunningServer,
  { flags, token }: { flags: Flags; token: string | undefined },
  context: CommandContext,
): void {
  const page = `${flags.host === '127.0.0.1' ? url.replace('127.0.0.1', 'localhost') : url}/`;
  const address = token === undefined ? page : `${page}#token=${token}`;
  if (flags.json === true) {
    context.print(
      JSON.stringify({ type: 'listening', url, pid: process.pid, ...(token === undefined ? {} : { token }) }),
    );
    state.history.onChange((change) => {
      if (change.kind === 'attempt-ended') context.print(JSON.stringify(attemptRecordOf(change)));
      if (change.kind === 'settled') context.print(JSON.stringify(deliveryRecordOf(change.delivery)));
    });
  } else {
    context.print(`listening on ${address}  API: ${url}/v1  description: ${url}/openapi.json`);
    if (state.webhooks.list().length === 0) {
      context.note('no webhook yet: say --to <url>, or create one with POST /v1/webhooks');
    }
  }
  for (const { simulator } of state.webhooks.list()) {
    for (const warning of simulator.webhook.warnings) context.warn(warning);
  }
  if (flags.open === true) openPage(address, context);
}

const OPENERS: Readonly<Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>>> = {
  darwin: ['open'],
  win32: ['cmd', '/c', 'start', ''],
};

/** In the user's browser, with what the desktop has for it. */
function openPage(url: string, context: CommandContext): void {
  const [command, ...flags] = OPENERS[process.platform] ?? ['xdg-open'];
  const child = spawn(command, [...flags, url], { stdio: 'ignore', detached: true });
  child.on('error', () => context.warn(`no browser could be opened (${command}); the page is ${url}`));
  child.unref();
}
