import type { Simulator } from '../../simulator/simulator.ts';
import type { Event } from '../../event/build.ts';
import { describeVerdict } from '../../webhook/verdict.ts';
import type { CommandContext } from '../context.ts';
import { BODY } from '../flags/body.ts';
import { checkEventNames, eventFlags, eventOptions } from '../flags/event.ts';
import { commandOf, reworded } from '../flags/flag.ts';
import { OUTPUT, TARGET } from '../flags/run.ts';
import { resolveWebhooks } from '../steps/resolve-webhooks.ts';
import { previewSimulator, warnOfUnmatched, type PreviewFlags } from '../steps/preview.ts';

type Flags = PreviewFlags & { readonly json?: boolean };

const EXAMPLES = `
Examples:
  $ hookcast explain inquiry.approved --webhook persona-webhook.json
  $ hookcast explain inquiry.approved --block 'name-*' --block '!name-first'
  $ hookcast explain recording.ndjson --webhook persona-webhook.json

Of a recorded delivery it says which attributes are missing from its body, compared with the fixture of its event in any
API version, and what removes each: a blocklist entry, an allowlist or the API version. --fixture compares with your own.

Exit codes: 0 explained, 1 no recorded body could be explained, 2 wrong usage or a fault in a file.
`;

export const configure = commandOf({
  argument: ['<event|file>', 'a name such as inquiry.approved, or a recorded delivery in any form of replay'],
  flags: [
    // Secrets and headers change nothing in what a webhook gets.
    TARGET.to,
    TARGET.webhook,
    BODY,
    eventFlags,
    reworded(OUTPUT.json, 'one JSON object per webhook and delivery'),
  ],
  help: EXAMPLES,
  run: explain,
});

async function explain(name: string, flags: Flags, context: CommandContext): Promise<void> {
  const { explainRecordings, namesRecordings } = await import('../steps/explain-recordings.ts');
  if (await namesRecordings(name, context)) {
    const webhooks = await resolveWebhooks(flags, context);
    return explainRecordings(name, { webhooks, flags }, context);
  }
  checkEventNames([name]);
  for (const webhook of await resolveWebhooks(flags, context)) {
    const simulator = previewSimulator(webhook, flags);
    const event = await simulator.build(name, eventOptions(flags));
    if (flags.json === true) context.print(JSON.stringify(explanationOf(simulator, event)));
    else printExplanation(simulator, event, context);
  }
}

/** What `--json` prints. */
function explanationOf(simulator: Simulator, event: Event) {
  const payload = simulator.compose(event);
  const verdict = simulator.webhook.verdict(event.name, payload);
  const { removed, unmatched } = payload;
  return { event: event.name, url: simulator.webhook.endpoint.url.href, verdict, removed, unmatched };
}

function printExplanation(simulator: Simulator, event: Event, context: CommandContext): void {
  const { chalk } = context;
  const { verdict, removed, unmatched, url } = explanationOf(simulator, event);
  const reason = describeVerdict(verdict);
  const word = { deliver: 'would deliver', 'not-enabled': 'not enabled', filtered: 'would skip' }[
    verdict.kind
  ];
  const pen = verdict.kind === 'deliver' ? chalk.green : chalk.yellow;
  context.print(`${chalk.bold(event.name)} to ${url}`);
  context.print(pen(reason === undefined ? word : `${word}: ${reason}`));
  context.print();
  context.print(
    removed.length === 0 ? 'no attribute is removed' : `${removed.length} attributes are removed:`,
  );
  for (const { path, entry } of removed) context.print(`  ${path}  ${chalk.dim(`by ${entry}`)}`);
  warnOfUnmatched(unmatched, context);
}
