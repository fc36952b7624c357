import { BlocklistSyntaxError } from '../../payload/blocklist/parse-entry.ts';
import { parseBlocklist } from '../../payload/blocklist/apply.ts';
import { diskFiles } from '../../fixture/files.ts';
import { UsageError } from '../../errors.ts';
import type { WebhookAttributes } from '../../persona/webhook.ts';
import { DEVELOPMENT_SECRET } from '../../signing/sign.ts';
import { usesDevelopmentSecret } from '../../webhook/configure.ts';
import type { CommandContext } from '../context.ts';
import { sourceHeaders, type WebhookFlags, type SourceFlags } from '../flags/run.ts';

/** Reads the webhook files and lets the flags and the environment win. @throws {UsageError | ContentError | FileError} */
export async function resolveWebhooks(
  flags: WebhookFlags & SourceFlags,
  context: CommandContext,
): Promise<WebhookAttributes[]> {
  const files = flags.webhook ?? [];
  if (files.length > 1 && flags.to !== undefined) {
    throw new UsageError('--to names one receiver; with several --webhook each file has its own url');
  }
  const read = await Promise.all(
    (files.length === 0 ? [undefined] : files).map((path) => readWebhook(path, context)),
  );
  return read.map((file) => withFlags(file, flags, context.io.env));
}

/** Printed when no mistake was found: beside an error it would distract. */
export function noteSecret(context: CommandContext): void {
  context.note(
    `signing with the development secret ${DEVELOPMENT_SECRET}: give it to your receiver, or pass --secret`,
  );
}

function withFlags(
  file: WebhookAttributes,
  flags: WebhookFlags & SourceFlags,
  env: Readonly<Record<string, string | undefined>>,
): WebhookAttributes {
  return {
    ...file,
    url: flags.to ?? file.url ?? urlOf(env),
    ...signingAttributes(flags, file, env['PERSONA_WEBHOOK_SECRET']),
    ...(flags.apiVersion === undefined ? {} : { 'api-version': flags.apiVersion }),
    ...(flags.inflection === undefined ? {} : { 'api-key-inflection': flags.inflection }),
    'api-attributes-blocklist': [...(file['api-attributes-blocklist'] ?? []), ...(flags.block ?? [])],
    'custom-http-headers': {
      ...file['custom-http-headers'],
      ...Object.fromEntries(flags.header ?? []),
      ...sourceHeaders(flags),
    },
  };
}

/** The receiver that the environment names. @throws {UsageError} */
export function urlOf({
  HOOKCAST_URL: url,
}: Readonly<Record<string, string | undefined>>): string | undefined {
  if (url === undefined || url === '') return undefined;
  if (/^https?:\/\//i.test(url) && URL.canParse(url)) return url;
  throw new UsageError(
    'HOOKCAST_URL: expected a URL that starts with http:// or https://; correct the variable, or pass --to',
  );
}

async function readWebhook(path: string | undefined, context: CommandContext): Promise<WebhookAttributes> {
  if (path === undefined) return {};
  // Loaded only when there is a file: it brings the schemas.
  const { loadWebhook } = await import('../../webhook/load.ts');
  const { attributes, warnings } = await loadWebhook(path, diskFiles);
  for (const warning of warnings) context.warn(warning);
  checkBlocklist(path, attributes);
  return attributes;
}

function checkBlocklist(path: string, { 'api-attributes-blocklist': entries }: WebhookAttributes): void {
  try {
    parseBlocklist(entries ?? []);
  } catch (error) {
    if (!(error instanceof BlocklistSyntaxError)) throw error;
    throw new UsageError(`${path}: ${error.message}`, { cause: error });
  }
}

/** The flag, then the file, then the environment. */
function signingAttributes(
  { secret }: WebhookFlags,
  file: WebhookAttributes,
  fromEnvironment: string | undefined,
): Pick<WebhookAttributes, 'secret' | 'secrets'> {
  if (secret !== undefined) return { secret: undefined, secrets: secret.map((value) => ({ value })) };
  if (!usesDevelopmentSecret(file)) return {};
  return fromEnvironment === undefined || fromEnvironment === '' ? {} : { secret: fromEnvironment };
}
