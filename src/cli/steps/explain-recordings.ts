import { createHash } from 'node:crypto';
import { jsonIn } from '../../json/text.ts';
import type { JsonObject } from '../../json/node.ts';
import { explainBody, type BodyExplanation, type MissingReason } from '../../payload/explain-body.ts';
import { isEventName } from '../../persona/event-names.ts';
import type { WebhookAttributes } from '../../persona/webhook.ts';
import { readRecordings } from '../../recording/read/recordings.ts';
import type { Recording } from '../../recording/recording.ts';
import { printable } from '../../text/printable.ts';
import { EXIT, type CommandContext } from '../context.ts';
import { recordingFiles } from '../files/recording-files.ts';
import { eventOptions } from '../flags/event.ts';
import { readContext } from '../flags/replay.ts';
import { previewSimulator, type PreviewFlags } from './preview.ts';

type Flags = PreviewFlags & { readonly json?: boolean };

/** Is this argument a file with recordings, or the address of a queue? */
export async function namesRecordings(argument: string, context: CommandContext): Promise<boolean> {
  if (isEventName(argument)) return false;
  const looksLikeOne = /^rediss?:\/\/|\.(ndjson|jsonl?|har|http|txt|db|curl)$/i.test(argument);
  return looksLikeOne || (await recordingFiles(context).exists(argument));
}

/** For each recorded body: what is missing in it, and which part of the webhook removes that. */
export async function explainRecordings(
  source: string,
  { webhooks, flags }: { webhooks: readonly WebhookAttributes[]; flags: Flags },
  context: CommandContext,
): Promise<void> {
  let explained = 0;
  for await (const recording of withoutRetries(readRecordings([source], readContext({}, context)))) {
    const body = documentOf(recording, flags, context);
    if (body === undefined) continue;
    explained += 1;
    for (const webhook of webhooks) {
      const simulator = previewSimulator(webhook, flags);
      const reference = await simulator.build(recording.eventName ?? '', eventOptions(flags));
      const explanation = explainBody(reference, body, simulator.webhook.payload);
      if (flags.json === true) context.print(JSON.stringify(recordOf(recording, explanation)));
      else printExplanation(recording, explanation, context);
    }
  }
  if (explained > 0) return;
  context.exitCode = EXIT.failed;
  context.warn(`${printable(source)}: no body of a known event to explain`);
}

async function* withoutRetries(recordings: AsyncIterable<Recording>): AsyncGenerator<Recording> {
  const seen = new Set<string>();
  for await (const recording of recordings) {
    const digest = createHash('sha256').update(recording.body).digest('base64');
    if (seen.has(digest)) continue;
    seen.add(digest);
    yield recording;
  }
}

/** The body as a document; what cannot be compared is left out and reported. */
function documentOf(recording: Recording, flags: Flags, context: CommandContext): JsonObject | undefined {
  const document = jsonIn(recording.body);
  if (document?.kind !== 'object' || recording.eventName === undefined)
    context.warn('left out: a body that is not an event');
  else if (flags.fixture === undefined && !isEventName(recording.eventName)) {
    const name = printable(recording.eventName, 60);
    context.warn(`left out: ${name} is not a known event; pass --fixture to compare with`);
  } else return document;
  return undefined;
}

function recordOf({ eventName, eventId, url }: Recording, explanation: BodyExplanation) {
  return { event: eventName, eventId: eventId ?? null, url, ...explanation };
}

function printExplanation(recording: Recording, explanation: BodyExplanation, context: CommandContext): void {
  const { chalk } = context;
  const { eventName = '', eventId = 'no event id' } = recording;
  context.print(`${chalk.bold(printable(eventName, 60))}  ${printable(eventId, 60)}`);
  const missing = explanation.missing.map(({ path, reason }) => ({ path, why: inWords(reason) }));
  if (missing.length === 0) context.print('  nothing is missing');
  printGroups(missing, context);
  const present = explanation.present.map(({ path, entry }) => ({
    path,
    why: `in the body, although the blocklist entry ${entry} removes it; was it added later?`,
  }));
  printGroups(present, context);
  context.print();
}

/** One heading for what has the same reason. */
function printGroups(entries: readonly { path: string; why: string }[], context: CommandContext): void {
  const groups = new Map<string, string[]>();
  for (const { path, why } of entries) groups.set(why, [...(groups.get(why) ?? []), path]);
  for (const [why, paths] of groups) {
    context.print(`  ${context.chalk.dim(why)}`);
    for (const path of paths) context.print(`    ${printable(path)}`);
  }
}

function inWords(reason: MissingReason): string {
  switch (reason.kind) {
    case 'blocklist':
      return `removed by the blocklist entry ${reason.entry}`;
    case 'included-allowlist':
    case 'relationship-allowlist':
      return `removed by the ${reason.kind}`;
    case 'api-version':
      return `not in the webhook's API version; ${reason.version}: ${reason.description.replace(/\.$/, '')}`;
    case 'not-removed':
      return 'not removed by the webhook; the object had none when it was sent';
  }
}
