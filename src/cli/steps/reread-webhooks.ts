import { diskFiles } from '../../fixture/files.ts';
import { HookcastError } from '../../errors.ts';
import type { CommandContext } from '../context.ts';

interface Disableable {
  disable(): void;
}

/** On SIGHUP the webhooks' files are read again: a webhook that was disabled there gets nothing more. */
export function rereadOnHangup(
  webhooks: readonly Disableable[],
  flags: { readonly webhook?: readonly string[] },
  context: CommandContext,
): void {
  const files = flags.webhook ?? [];
  if (files.length === 0) return;
  context.io.onHangup?.(() => {
    for (const [index, path] of files.entries()) void reread(path, webhooks[index], context);
  });
}

async function reread(
  path: string,
  webhook: Disableable | undefined,
  context: CommandContext,
): Promise<void> {
  try {
    const { loadWebhook } = await import('../../webhook/load.ts');
    const { status = 'enabled' } = (await loadWebhook(path, diskFiles)).attributes;
    if (status === 'enabled') return;
    context.note(`${path}: the webhook is ${status}; its pending deliveries fail`);
    webhook?.disable();
  } catch (error) {
    if (!(error instanceof HookcastError)) throw error;
    context.warn(`read again on SIGHUP: ${error.message}`);
  }
}
