import type { ConfigureCommand } from './context.ts';

/** What each command does, as the help says it, by its headings and in its order. */
const SUMMARIES = {
  'Start:': {
    demo: 'watch a delivery fail four times and then succeed; needs no receiver',
    conform: 'find out what is wrong with your receiver: 106 checks, one line of diagnosis',
    send: 'deliver events to your receiver as Persona would, retries included',
    init: 'write a project file, a webhook, a test oracle and a workflow to start from',
    doctor: 'find out what stands between here and your receiver, and how to fix it',
  },
  'Persona on localhost:': {
    serve: 'run a server with an HTTP API, for tests in any language',
    health: 'check that hookcast serve answers, or wait until it does',
  },
  'Series and volume:': {
    scenario: 'send a series of events that belong together, in order, shuffled or twice',
    load: 'deliver events in volume, at a rate, with duplicates, forgeries or after an outage',
    schedule: 'print the retry schedule',
    events: 'list the events: what triggers them, and which have a fixture',
  },
  'Real traffic:': {
    record: 'record what a real sender sends, and pass it on unchanged to your receiver',
    replay: 'send recorded requests again, byte for byte, with a new signature',
    export: 'write recorded requests as NDJSON, HAR or a page',
  },
  'Look inside:': {
    show: 'print exactly what would be sent; send nothing',
    explain: 'say whether a webhook gets an event, and which rule removes each attribute',
    sign: 'print the signature header for a body',
    verify: 'check a signature header, and say what is wrong with it',
    listen: 'run the reference receiver: it verifies, prints, and misbehaves on request',
    addresses: "print the addresses that Persona's webhooks come from",
  },
  'Journal and queue:': {
    resume: 'continue the pending deliveries of a journal',
    deliveries: 'list the deliveries of a journal or a queue',
    delivery: 'show a delivery: its attempts, what was sent and what came back',
    resend: 'send a delivery of a journal again: the same event, the same bytes',
    cancel: 'cancel a pending delivery of a journal',
    disable: 'disable a webhook of a journal: its pending deliveries fail',
    worker: 'deliver what waits in a Redis queue; run as many as you like',
  },
  'Fixtures:': {
    fixtures: "make fixtures from your own copy of Persona's OpenAPI specification",
  },
  'Shell:': {
    completion: 'print a script that completes commands, flags and names in your shell',
  },
  // Left out of the help: for programs.
  '': {
    complete: 'print what may come next on a command line; for the scripts of completion',
  },
};

type Groups = typeof SUMMARIES;
type Name = { [Group in keyof Groups]: keyof Groups[Group] }[keyof Groups];

/** Run, or asked for its help: a light command must not pay for a heavy one. */
const LOADERS: Readonly<Record<Name, () => Promise<{ readonly configure: ConfigureCommand }>>> = {
  demo: () => import('./commands/demo.ts'),
  send: () => import('./commands/send.ts'),
  scenario: () => import('./commands/scenario.ts'),
  load: () => import('./commands/load.ts'),
  record: () => import('./commands/record.ts'),
  replay: () => import('./commands/replay.ts'),
  export: () => import('./commands/export.ts'),
  resume: () => import('./commands/resume.ts'),
  deliveries: () => import('./commands/deliveries.ts'),
  delivery: () => import('./commands/delivery.ts'),
  resend: () => import('./commands/resend.ts'),
  cancel: () => import('./commands/cancel.ts'),
  disable: () => import('./commands/disable.ts'),
  worker: () => import('./commands/worker.ts'),
  serve: () => import('./commands/serve.ts'),
  health: () => import('./commands/health.ts'),
  conform: () => import('./commands/conform.ts'),
  init: () => import('./commands/init.ts'),
  doctor: () => import('./commands/doctor.ts'),
  show: () => import('./commands/show.ts'),
  explain: () => import('./commands/explain.ts'),
  events: () => import('./commands/events.ts'),
  fixtures: () => import('./commands/fixtures.ts'),
  schedule: () => import('./commands/schedule.ts'),
  addresses: () => import('./commands/addresses.ts'),
  listen: () => import('./commands/listen.ts'),
  completion: () => import('./commands/completion.ts'),
  complete: () => import('./commands/complete.ts'),
  sign: () => import('./commands/sign.ts'),
  verify: () => import('./commands/verify.ts'),
};

/** A command, before it is loaded. */
export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  /** Its heading in the help; empty for one that is left out there. */
  readonly group: string;
  readonly load: (typeof LOADERS)[Name];
}

export const COMMANDS: readonly CommandEntry[] = Object.entries(SUMMARIES).flatMap(([group, summaries]) =>
  Object.entries(summaries).map(([name, summary]) => ({ name, summary, group, load: LOADERS[name as Name] })),
);

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
  ['addresses', 'docs/addresses.md'],
  ...['fixtures', 'events', 'show', 'explain'].map((name) => [name, 'docs/fixtures.md'] as const),
]);
