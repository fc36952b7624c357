import { diskFiles } from '../../fixture/files.ts';
import { HookcastError, UsageError } from '../../errors.ts';
import type { WebhookAttributes } from '../../persona/webhook.ts';
import { httpUrl, urlFault } from '../../text/http-url.ts';
import { DEVELOPMENT_SECRET } from '../../signing/sign.ts';
import { configureWebhook, usesDevelopmentSecret } from '../../webhook/configure.ts';
import type { CommandContext } from '../context.ts';
import { sourceHeaders, type WebhookFlags, type SourceFlags } from '../flags/run.ts';

/** Stands in for a URL that is not the file's to give. */
const ANY_URL = 'http://localhost';

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
    (files.length === 0 ? [undefined] : files).map((path) => readWebhook(path, flags, context)),
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
  if (httpUrl(url) !== undefined) return url;
  throw new UsageError(`HOOKCAST_URL ${urlFault(url)}; correct the variable, or pass --to`);
}

/**
 * The attributes of a webhook file, if one is named. Its URL is not judged where `to` replaces it.
 * @throws {UsageError | ContentError | FileError}
 */
export async function readWebhook(
  path: string | undefined,
  { to }: { readonly to?: string | undefined },
  context: CommandContext,
): Promise<WebhookAttributes> {
  if (path === undefined) return {};
  // Loaded only when there is a file: it brings the schemas.
  const { loadWebhook } = await import('../../webhook/load.ts');
  const { attributes, warnings } = await loadWebhook(path, diskFiles);
  for (const warning of warnings) context.warn(warning);
  checkFile(path, to === undefined ? attributes : { ...attributes, url: ANY_URL });
  return attributes;
}

/** Has what no delivery could work with reported under the name of the file. @throws {UsageError} */
function checkFile(path: string, attributes: WebhookAttributes): void {
  try {
    configureWebhook({ ...attributes, url: attributes.url ?? ANY_URL });
  } catch (error) {
    if (!(error instanceof HookcastError)) throw error;
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
