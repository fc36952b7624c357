import { UsageError } from '../../errors.ts';
import { ListenError } from '../../receiver/listen.ts';
import { isHomeLoopback, makeToken } from '../../server/network.ts';
import { probe } from '../../server/probe.ts';
import { mountSandboxLater } from '../../server/sandbox/mount-sandbox-later.ts';
import {
  DEFAULT_PORT,
  startServer,
  type RunningServer,
  type ServerOptions,
} from '../../server/start-server.ts';
import type { ServerState } from '../../server/server-state.ts';
import { warmUp } from '../../server/warm-up.ts';
import { KEEP_DEFAULT } from '../../server/create-state.ts';
import type { NewWebhook } from '../../server/webhooks/served-webhook.ts';
import { attemptRecordOf, deliveryRecordOf } from '../../server/views/json-records.ts';
import type { CommandContext } from '../context.ts';
import { checkedHost, checkedOrigin } from '../flags/callers.ts';
import { commandOf, flagsOf, GROUP, reworded, type ValuesOf } from '../flags/flag.ts';
import { JOURNALLED, journalOf, withJournal, type JournalFlags } from '../flags/journal.ts';
import { RUN, OUTPUT, readCa, TARGET, LISTEN, WEBHOOK } from '../flags/run.ts';
import { SANDBOX, sandboxOptions } from '../flags/sandbox.ts';
import { simulationOptions, TIMING } from '../flags/timing.ts';
import { collect, wholeNumber } from '../flags/values.ts';
import { noteIdleFlags } from '../steps/note-idle-flags.ts';
import { noteSecret, resolveWebhooks } from '../steps/resolve-webhooks.ts';
import { usesDevelopmentSecret } from '../../webhook/configure.ts';
import type { SendingFlags } from '../steps/simulators.ts';
import { untilInterrupted } from '../terminal/interrupted.ts';
import { openInBrowser } from '../terminal/open-in-browser.ts';

const EXAMPLES = `
Examples:
  $ hookcast serve --to http://localhost:3000/webhooks
  $ hookcast serve --port 0 --json
  $ curl -X POST 'http://localhost:4665/v1/deliveries?wait=settled' \\
      -H 'Content-Type: application/json' -d '{"event": "inquiry.approved"}'

The routes: docs/serve.md, and GET /openapi.json. Ctrl-C ends it.
`;

const SERVE = {
  port: reworded(LISTEN.port, `0 picks a free one (or HOOKCAST_PORT; default: ${DEFAULT_PORT})`),
  host: reworded(LISTEN.host, 'address to listen on; other than loopback needs a token'),
  allowRemote: TARGET.allowRemote,
  insecure: TARGET.insecure,
  ca: TARGET.ca,
  ...flagsOf(GROUP.where, {
    open: { spelling: '--open', description: 'open the page in a browser' },
    noUi: { spelling: '--no-ui', description: 'serve the API without pages' },
    allowedHost: {
      spelling: '--allowed-host <name>',
      description: 'also answer to this Host',
      parse: collect,
    },
    corsOrigin: {
      spelling: '--cors-origin <origin>',
      description: 'let web pages of this origin call the API',
      parse: collect,
    },
    readOnly: { spelling: '--read-only', description: 'refuse everything that changes something' },
  }),
  ...flagsOf(GROUP.journal, {
    keep: {
      spelling: '--keep <number>',
      description: `how many settled deliveries to keep in memory (default: ${KEEP_DEFAULT})`,
      parse: wholeNumber,
    },
  }),
  ...SANDBOX,
  ...TIMING,
  seed: RUN.seed,
  json: reworded(OUTPUT.json, 'one JSON object when ready, then one per attempt and delivery (NDJSON)'),
};
type Flags = SendingFlags & JournalFlags & ValuesOf<typeof SERVE>;

export const configure = commandOf({ flags: [WEBHOOK, SERVE, JOURNALLED], help: EXAMPLES, run: serve });

async function serve(flags: Flags, context: CommandContext): Promise<void> {
  await withJournal(journalOf(flags, context), { context }, async (journal) => {
    const options = { ...(await serverOptions(flags, context)), journal };
    await using server = await start(options);
    const page = announce(server, { flags, token: options.token }, context);
    if (flags.open === true) await openInBrowser(page, context);
    const stopListening = flags.json === true ? undefined : openAtKey(page, context);
    const stopWarming = warmUp();
    await untilInterrupted(context.io);
    stopWarming();
    stopListening?.();
  });
}

async function start(options: ServerOptions): Promise<RunningServer> {
  try {
    return await startServer(options);
  } catch (error) {
    if (!(error instanceof ListenError) || !error.message.includes('is taken')) throw error;
    const port = options.port ?? DEFAULT_PORT;
    const version = await probe(`http://127.0.0.1:${port}`);
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
  const sandbox = await sandboxOptions(flags, context);
  return {
    ...{ host, keep, readOnly, allowRemote, insecure, seed },
    port: portOf(flags, env),
    allowedHosts: flags.allowedHost?.map(checkedHost),
    corsOrigins: flags.corsOrigin?.map(checkedOrigin),
    ui: flags.ui,
    storeSecrets: flags.storeSecrets,
    mount: (state: ServerState) => mountSandboxLater(state, sandbox),
    onWarning: (warning: string) => context.warn(warning),
    ca: await readCa(flags),
    webhooks: await webhooksOf(flags, context),
    // On loopback, a user who can connect can also read the files of this one.
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

/** None without `--to`, `--webhook` or HOOKCAST_URL: they come through the API then. */
async function webhooksOf(flags: Flags, context: CommandContext): Promise<NewWebhook[]> {
  const isNamed = flags.to !== undefined || flags.webhook !== undefined;
  const shared = await simulationOptions(flags);
  if (!isNamed && (context.io.env['HOOKCAST_URL'] ?? '') === '') {
    noteIdleFlags(context);
    return [];
  }
  const webhooks = await resolveWebhooks(flags, context);
  if (webhooks.some(usesDevelopmentSecret)) noteSecret(context);
  return webhooks.map((attributes) => ({ ...shared, attributes }));
}

/** On a terminal, `o` opens the page; returns what gives the terminal back. */
function openAtKey(page: string, context: CommandContext): (() => void) | undefined {
  const { keyboard } = context.io;
  if (keyboard === undefined) return undefined;
  context.note(context.chalk.dim('keys: o open the page, q stop'));
  return keyboard.listen((key) => {
    if (key === 'o') void openInBrowser(page, context);
    if (key === 'q') context.io.interrupt();
  });
}

/** Returns the address of the page. */
function announce(
  { url, state }: RunningServer,
  { flags, token }: { flags: Flags; token: string | undefined },
  context: CommandContext,
): string {
  const isHome = flags.host === '127.0.0.1' || flags.host === '0.0.0.0';
  const page = `${isHome ? url.replace('127.0.0.1', 'localhost') : url}/`;
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
    // A line each: together they would not fit 80 columns.
    context.print(`listening on ${address}`);
    context.print(`  API: ${url}/v1`);
    context.print(`  description: ${url}/openapi.json`);
    context.print(`  Persona's API: ${url}/api/v1`);
    context.print(`  as a base URL without a path: ${url}`);
    if (state.webhooks.list().length === 0) {
      context.note('no webhook yet: pass --to <url>, or create one with POST /v1/webhooks');
    }
  }
  for (const { simulator } of state.webhooks.list()) {
    for (const warning of simulator.webhook.warnings) context.warn(warning);
  }
  return address;
}
