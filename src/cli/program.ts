import { Command } from 'commander';
import type { CommandContext, ConfigureCommand } from './context.ts';
import { version } from './version.ts';

interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  /** Loaded when the command is run or its help is shown: a light command must not pay for a heavy one. */
  readonly load: () => Promise<{ readonly configure: ConfigureCommand }>;
}

const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'demo',
    summary: 'watch a delivery fail in four ways and succeed; needs nothing, ends by itself',
    load: () => import('./commands/demo.ts'),
  },
  {
    name: 'send',
    summary: 'deliver events to your receiver as Persona would, retries included',
    load: () => import('./commands/send.ts'),
  },
  {
    name: 'scenario',
    summary: 'send a whole story of events that belong together, in order, shuffled or twice',
    load: () => import('./commands/scenario.ts'),
  },
  {
    name: 'load',
    summary: 'deliver events in volume, at a rate, with duplicates, forgeries or after an outage',
    load: () => import('./commands/load.ts'),
  },
  {
    name: 'record',
    summary: 'keep what a real sender sends, and pass it on untouched to your receiver',
    load: () => import('./commands/record.ts'),
  },
  {
    name: 'replay',
    summary: 'send recorded requests again, byte for byte, signed anew',
    load: () => import('./commands/replay.ts'),
  },
  {
    name: 'export',
    summary: 'write recorded requests as NDJSON or HAR',
    load: () => import('./commands/export.ts'),
  },
  {
    name: 'resume',
    summary: 'go on with the deliveries of a journal where they stood',
    load: () => import('./commands/resume.ts'),
  },
  {
    name: 'deliveries',
    summary: 'list the deliveries of a journal or a queue',
    load: () => import('./commands/deliveries.ts'),
  },
  {
    name: 'delivery',
    summary: 'show a delivery: its attempts, what was sent and what came back',
    load: () => import('./commands/delivery.ts'),
  },
  {
    name: 'resend',
    summary: 'send a delivery of a journal once more: the same event, the same bytes',
    load: () => import('./commands/resend.ts'),
  },
  {
    name: 'cancel',
    summary: 'give up a pending delivery of a journal',
    load: () => import('./commands/cancel.ts'),
  },
  {
    name: 'disable',
    summary: 'disable a webhook of a journal: its pending deliveries fail',
    load: () => import('./commands/disable.ts'),
  },
  {
    name: 'worker',
    summary: 'make the deliveries that wait in a Redis queue; run as many as you like',
    load: () => import('./commands/worker.ts'),
  },
  {
    name: 'serve',
    summary: 'run a server with an HTTP API, for tests in any language',
    load: () => import('./commands/serve.ts'),
  },
  {
    name: 'health',
    summary: 'check that a hookcast serve answers, or wait until it does',
    load: () => import('./commands/health.ts'),
  },
  {
    name: 'conform',
    summary: 'test a receiver, check by check; for CI',
    load: () => import('./commands/conform.ts'),
  },
  {
    name: 'doctor',
    summary: 'find out what stands between here and your receiver, and how to mend it',
    load: () => import('./commands/doctor.ts'),
  },
  {
    name: 'show',
    summary: 'print exactly what would be sent; send nothing',
    load: () => import('./commands/show.ts'),
  },
  {
    name: 'explain',
    summary: 'say whether a webhook would get an event, and what removes each attribute',
    load: () => import('./commands/explain.ts'),
  },
  {
    name: 'events',
    summary: 'list the events: what triggers them, and which have a fixture',
    load: () => import('./commands/events.ts'),
  },
  {
    name: 'fixtures',
    summary: "make fixtures out of your own copy of Persona's OpenAPI specification",
    load: () => import('./commands/fixtures.ts'),
  },
  {
    name: 'schedule',
    summary: 'print the retry schedule',
    load: () => import('./commands/schedule.ts'),
  },
  {
    name: 'addresses',
    summary: "print the addresses that Persona's webhooks come from",
    load: () => import('./commands/addresses.ts'),
  },
  {
    name: 'listen',
    summary: 'run the reference receiver: it verifies, prints, and misbehaves on request',
    load: () => import('./commands/listen.ts'),
  },
  {
    name: 'sign',
    summary: 'print the signature header for a body',
    load: () => import('./commands/sign.ts'),
  },
  {
    name: 'verify',
    summary: 'check a signature header, and say what is wrong with it',
    load: () => import('./commands/verify.ts'),
  },
];

/** A fresh program for one run. Only the command that `argv` names is loaded. */
export async function createProgram(argv: readonly string[], context: CommandContext): Promise<Command> {
  const program = new Command('hookcast')
    .description(
      "A stand-in for Persona's webhook sender: its events, signatures, five-second limit and retries, against your receiver.",
    )
    // Only who asks waits for the manifest to be read.
    .version(argv.some((argument) => /^(-V|--version$)/.test(argument)) ? version() : '')
    .helpCommand('help [command]', 'explain a command')
    .showHelpAfterError(`(see 'hookcast help')`)
    .addHelpText('after', '\nStart with: hookcast demo\n');
  inherit(program, context);
  for (const entry of COMMANDS) {
    const command = program.command(entry.name).summary(entry.summary).description(sentence(entry.summary));
    inherit(command, context);
    if (argv.includes(entry.name)) (await entry.load()).configure(command, context);
  }
  return program;
}

function inherit(command: Command, { io }: CommandContext): void {
  command
    .exitOverride()
    .configureHelp({ helpWidth: Math.min(io.stdout.columns, 100) })
    .configureOutput({
      writeOut: (text) => {
        io.stdout.write(text);
      },
      writeErr: (text) => {
        io.stderr.write(text);
      },
    });
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
