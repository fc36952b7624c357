import { configureWebhook } from '../../webhook/configure.ts';
import type { CommandContext } from '../context.ts';
import { urlOf } from './resolve-webhooks.ts';

/** The receiver's URL: the flag, then the environment. @throws {UsageError} */
export function resolveReceiver({ to }: { to?: string | undefined }, { io }: CommandContext): URL {
  return configureWebhook({ url: to ?? urlOf(io.env) }).endpoint.url;
}
