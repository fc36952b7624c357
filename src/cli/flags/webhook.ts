import type { Command } from 'commander';
import { BODY, type BodyFlags } from './body.ts';
import { addFlags, type Flag } from './flag.ts';
import { SIGNING, type SigningFlags } from './signing.ts';
import { TARGET, type TargetFlags } from './target.ts';

/** The flags that say where it goes and how it is signed; they win over the webhook file. */
export type WebhookFlags = Pick<TargetFlags, 'to' | 'webhook'> & SigningFlags & BodyFlags;

export const WEBHOOK: readonly Flag[] = [
  TARGET.to,
  TARGET.webhook,
  ...Object.values(SIGNING),
  ...Object.values(BODY),
];

export function addWebhookOptions(command: Command): Command {
  return addFlags(command, WEBHOOK);
}
