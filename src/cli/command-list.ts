import type { ConfigureCommand } from './context.ts';

/** A command, before it is loaded. */
export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  /** Left out of the help: for programs. */
  readonly isHidden?: boolean;
  /** Loaded when the command is run or its help is shown: a light command must not pay for a heavy one. */
  readonly load: () => Promise<{ readonly configure: ConfigureCommand }>;
}

export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'demo',
    summary: 'watch a delivery fail four times and then succeed; needs no receiver',
    load: () => import('./commands/demo.ts'),
  },
  {
    name: 'send',
    summary: 'deliver events to your receiver as Persona would, retries included',
    load: () => import('./commands/send.ts'),
  },
  {
    name: 'scenario',
    summary: 'send a series of events that belong together, in order, shuffled or twice',
    load: () => import('./commands/scenario.ts'),
  },
  {
    name: 'load',
    summary: 'deliver events in volume, at a rate, with duplicates, forgeries or after an outage',
    load: () => import('./commands/load.ts'),
  },
  {
    name: 'record',
    summary: 'record what a real sender sends, and pass it on unchanged to your receiver',
    load: () => import('./commands/record.ts'),
  },
  {
    name: 'replay',
    summary: 'send recorded requests again, byte for byte, with a new signature',
    load: () => import('./commands/replay.ts'),
  },
  {
    name: 'export',
    summary: 'write recorded requests as NDJSON or HAR',
    load: () => import('./commands/export.ts'),
  },
  {
    name: 'resume',
    summary: 'continue the pending deliveries of a journal',
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
    summary: 'send a delivery of a journal again: the same event, the same bytes',
    load: () => import('./commands/resend.ts'),
  },
  {
    name: 'cancel',
    summary: 'cancel a pending delivery of a journal',
    load: () => import('./commands/cancel.ts'),
  },
  {
    name: 'disable',
    summary: 'disable a webhook of a journal: its pending deliveries fail',
    load: () => import('./commands/disable.ts'),
  },
  {
    name: 'worker',
    summary: 'deliver what waits in a Redis queue; run as many as you like',
    load: () => import('./commands/worker.ts'),
  },
  {
    name: 'serve',
    summary: 'run a server with an HTTP API, for tests in any language',
    load: () => import('./commands/serve.ts'),
  },
  {
    name: 'health',
    summary: 'check that hookcast serve answers, or wait until it does',
    load: () => import('./commands/health.ts'),
  },
  {
    name: 'conform',
    summary: 'find out what is wrong with your receiver: 106 checks, one line of diagnosis',
    load: () => import('./commands/conform.ts'),
  },
  {
    name: 'init',
    summary: 'write a project file, a webhook, a test oracle and a workflow to start from',
    load: () => import('./commands/init.ts'),
  },
  {
    name: 'doctor',
    summary: 'find out what stands between here and your receiver, and how to fix it',
    load: () => import('./commands/doctor.ts'),
  },
  {
    name: 'show',
    summary: 'print exactly what would be sent; send nothing',
    load: () => import('./commands/show.ts'),
  },
  {
    name: 'explain',
    summary: 'say whether a webhook gets an event, and which rule removes each attribute',
    load: () => import('./commands/explain.ts'),
  },
  {
    name: 'events',
    summary: 'list the events: what triggers them, and which have a fixture',
    load: () => import('./commands/events.ts'),
  },
  {
    name: 'fixtures',
    summary: "make fixtures from your own copy of Persona's OpenAPI specification",
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
    name: 'completion',
    summary: 'print a script that completes commands, flags and names in your shell',
    load: () => import('./commands/completion.ts'),
  },
  {
    name: 'complete',
    summary: 'print what may come next on a command line; for the scripts of completion',
    isHidden: true,
    load: () => import('./commands/complete.ts'),
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

/** The groups of the help, each with its commands in order. */
export const GROUPS: readonly (readonly [heading: string, names: readonly string[]])[] = [
  ['Start:', ['demo', 'conform', 'send', 'init', 'doctor']],
  ['Persona on localhost:', ['serve', 'health']],
  ['Series and volume:', ['scenario', 'load', 'schedule', 'events']],
  ['Real traffic:', ['record', 'replay', 'export']],
  ['Look inside:', ['show', 'explain', 'sign', 'verify', 'listen', 'addresses']],
  ['Journal and queue:', ['resume', 'deliveries', 'delivery', 'resend', 'cancel', 'disable', 'worker']],
  ['Fixtures:', ['fixtures']],
  ['Shell:', ['completion']],
];

/** Where the documentation of a command is; README.md for the others. */
export const DOCS: ReadonlyMap<string, string> = new Map([
  ['conform', 'docs/conformance.md'],
  ['init', 'docs/files.md'],
  ['completion', 'docs/completion.md'],
  ['serve', 'docs/serve.md'],
  ['health', 'docs/serve.md'],
  ['scenario', 'docs/scenarios.md'],
  ['load', 'docs/load.md'],
  ...['record', 'replay', 'export'].map((name) => [name, 'docs/replay.md'] as const),
  ...['resume', 'deliveries', 'delivery', 'resend', 'cancel', 'disable'].map(
    (name) => [name, 'docs/journal.md'] as const,
  ),
  ['worker', 'docs/many-machines.md'],
  ...['fixtures', 'events', 'show', 'explain'].map((name) => [name, 'docs/fixtures.md'] as const),
]);
