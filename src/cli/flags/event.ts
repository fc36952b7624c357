import { InvalidArgumentError, Option, type Command } from 'commander';
import { diskFiles } from '../../fixture/files.ts';
import type { EventOptions } from '../../simulator/deps.ts';
import { UsageError } from '../../errors.ts';
import { parseAssignment, type Override } from '../../event/overrides.ts';
import type { EventExtras } from '../../payload/event-extras.ts';
import {
  API_VERSIONS,
  KEY_INFLECTIONS,
  type ApiVersion,
  type KeyInflection,
} from '../../persona/contract.ts';
import type { WebhookAttributes } from '../../persona/webhook.ts';
import { usesDevelopmentSecret, type WebhookExtras } from '../../webhook/configure.ts';
import { DEVELOPMENT_SECRET } from '../../signing/secret.ts';
import type { CommandContext } from '../context.ts';

/** The flags that say what the event is like. */
export interface EventFlags {
  /** One list, in the order of the command line; see addEventOptions. */
  readonly set?: Override[];
  readonly add?: Override[];
  readonly remove?: Override[];
  readonly referenceId?: string;
  readonly id?: string;
  readonly fixture?: string;
  readonly keep?: boolean;
  readonly seed?: number;
  readonly at?: Date;
}

export function addEventOptions(command: Command): Command {
  // --set, --add and --remove fill one list, since their order counts.
  const overrides: Override[] = [];
  const into = (parse: (text: string) => Override) => (text: string) => {
    overrides.push(parse(text));
    return overrides;
  };
  const removal = (path: string): Override => ({ kind: 'remove', path });
  return command
    .option('--reference-id <text>', 'your own id of the person: reference-id of the object and its account')
    .option('--id <id>', 'id of the object (inq_…), or of the event (evt_…)')
    .option(
      '--set <path=text>',
      'change an attribute; path:=json for other than text',
      into((text) => parseAssignment('set', text)),
    )
    .option(
      '--add <path=text>',
      'add an attribute that the fixture does not have',
      into((text) => parseAssignment('add', text)),
    )
    .option('--remove <path>', 'remove an attribute', into(removal))
    .option('--fixture <path>', 'your own JSON file, or a folder of files named like their events')
    .option('--keep', `keep the fixture's own ids and times instead of fresh ones`)
    .option('--seed <number>', 'repeat the ids of an earlier run', wholeNumber)
    .option('--at <time>', 'when the event happened: ISO 8601 or unix seconds (default: now)', time);
}

/** The flags that say where it goes and how it is signed; they win over the webhook file. */
export interface WebhookFlags {
  readonly to?: string;
  readonly webhook?: string[];
  readonly apiVersion?: ApiVersion;
  readonly inflection?: KeyInflection;
  readonly included?: 'all' | 'empty' | 'absent';
  readonly eventContext?: EventExtras['context'];
  readonly eventRedactedAt?: boolean;
  readonly secret?: string[];
  readonly block?: string[];
  readonly header?: string[];
  readonly userAgent?: string;
}

export function addWebhookOptions(command: Command): Command {
  return command
    .option('--to <url>', 'your receiver (or HOOKCAST_URL)')
    .option(
      '--webhook <file>',
      `a webhook as JSON, Persona's names or as its API returns it; again for another webhook`,
      collect,
    )
    .option('--secret <text>', 'webhook secret (or PERSONA_WEBHOOK_SECRET); twice: new and old', collect)
    .option('--block <entry>', 'attribute blocklist entry, e.g. name-* or !name-first', collect)
    .option('--header <name: value>', 'custom header', collect)
    .option('--user-agent <text>', 'instead of the neutral default')
    .addOption(new Option('--api-version <date>', 'Persona API version of the body').choices(API_VERSIONS))
    .addOption(new Option('--inflection <name>', 'convention of the keys').choices(KEY_INFLECTIONS))
    .addOption(new Option('--included <what>', 'related objects').choices(['all', 'empty', 'absent']))
    .addOption(
      new Option('--event-context <when>', `the event's context member`).choices([
        'documented',
        'always',
        'never',
      ]),
    )
    .option('--event-redacted-at', 'redacted-at: null on the event, as some recorded ones have');
}

/** Reads the webhook files, lets the flags and the environment win, and says what the user should know. */
export async function resolveWebhooks(
  flags: WebhookFlags,
  context: CommandContext,
): Promise<WebhookAttributes[]> {
  const files = flags.webhook ?? [];
  if (files.length > 1 && flags.to !== undefined) {
    throw new UsageError('--to names one receiver; with several --webhook each file has its own url');
  }
  const read = await Promise.all(
    (files.length === 0 ? [undefined] : files).map((path) => readWebhook(path, context)),
  );
  const webhooks = read.map((file) => withFlags(file, flags, context.io.env));
  if (webhooks.some(usesDevelopmentSecret)) {
    context.note(`no secret given: development secret ${DEVELOPMENT_SECRET}`);
  }
  return webhooks;
}

/** What the flags say beyond Persona's own attributes. */
export function webhookExtras(flags: WebhookFlags): WebhookExtras {
  const { userAgent, included, eventContext, eventRedactedAt } = flags;
  const event = {
    ...(eventContext === undefined ? {} : { context: eventContext }),
    ...(eventRedactedAt === undefined ? {} : { redactedAt: eventRedactedAt }),
  };
  return { userAgent, included, event };
}

function withFlags(
  file: WebhookAttributes,
  flags: WebhookFlags,
  env: Readonly<Record<string, string | undefined>>,
): WebhookAttributes {
  return {
    ...file,
    url: flags.to ?? file.url ?? nonEmpty(env['HOOKCAST_URL']),
    ...signingAttributes(flags, file, env['PERSONA_WEBHOOK_SECRET']),
    ...(flags.apiVersion === undefined ? {} : { 'api-version': flags.apiVersion }),
    ...(flags.inflection === undefined ? {} : { 'api-key-inflection': flags.inflection }),
    'api-attributes-blocklist': [...(file['api-attributes-blocklist'] ?? []), ...(flags.block ?? [])],
    'custom-http-headers': {
      ...file['custom-http-headers'],
      ...Object.fromEntries((flags.header ?? []).map(parseHeader)),
    },
  };
}

async function readWebhook(path: string | undefined, context: CommandContext): Promise<WebhookAttributes> {
  if (path === undefined) return {};
  // Loaded only when there is a file: it brings the schemas.
  const { loadWebhook } = await import('../../webhook/load.ts');
  const { attributes, warnings } = await loadWebhook(path, diskFiles);
  for (const warning of warnings) context.warn(warning);
  return attributes;
}

/** The flag, then the file, then the environment. */
function signingAttributes(
  { secret }: WebhookFlags,
  file: WebhookAttributes,
  fromEnvironment: string | undefined,
): Pick<WebhookAttributes, 'secret' | 'secrets'> {
  if (secret !== undefined) return { secret: undefined, secrets: secret.map((value) => ({ value })) };
  if (!usesDevelopmentSecret(file)) return {};
  const value = nonEmpty(fromEnvironment);
  return value === undefined ? {} : { secret: value };
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}

/** `name: value`. @throws {UsageError} */
export function parseHeader(text: string): [string, string] {
  const colon = text.indexOf(':');
  if (colon > 0) return [text.slice(0, colon).trim(), text.slice(colon + 1).trim()];
  throw new UsageError(`--header '${text}': expected 'name: value'`);
}

/** The event options of the library. */
export function eventOptions(flags: EventFlags): EventOptions {
  const { set, add, remove, referenceId, id, fixture, keep, at } = flags;
  return { overrides: set ?? add ?? remove, referenceId, id, fixture, keep, at };
}

export function collect(value: string, previous: readonly string[] | undefined): string[] {
  return [...(previous ?? []), value];
}

export function wholeNumber(text: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(number) && number <= 4_294_967_295) return number;
  throw new InvalidArgumentError('Expected a whole number from 0 to 4294967295.');
}

export function positiveNumber(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Expected a whole number from 1.');
}

export function time(text: string): Date {
  const date = /^\d{1,11}$/.test(text) ? new Date(Number(text) * 1000) : new Date(text);
  if (Number.isFinite(date.getTime()) && date.getFullYear() < 10_000) return date;
  throw new InvalidArgumentError('Expected a time like 2026-01-31T12:00:00Z, or unix seconds.');
}
