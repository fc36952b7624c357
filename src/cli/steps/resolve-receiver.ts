import { configureWebhook } from '../../webhook/configure.ts';
import type { CommandContext } from '../context.ts';

/** The receiver's URL: the flag, then the environment. @throws {UsageError} */
export function resolveReceiver({ to }: { to?: string | undefined }, { io }: CommandContext): URL {
  const { HOOKCAST_URL: fromEnvironment } = io.env;
  return configureWebhook({ url: to ?? (fromEnvironment === '' ? undefined : fromEnvironment) }).endpoint.url;
}
