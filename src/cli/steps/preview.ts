import type { WebhookAttributes } from '../../persona/webhook.ts';
import { createSimulator, type Simulator } from '../../simulator/simulator.ts';
import type { CommandContext } from '../context.ts';
import { webhookExtras } from '../flags/body.ts';
import type { EventFlags } from '../flags/event.ts';
import type { WebhookFlags } from '../flags/run.ts';

/** The flags of the commands that build an event and send nothing. */
export type PreviewFlags = EventFlags & WebhookFlags;

/** Stands in for a receiver where nothing is sent. */
const NOWHERE = 'http://localhost:3000/webhooks';

export function previewSimulator(webhook: WebhookAttributes, flags: PreviewFlags): Simulator {
  const located = { ...webhook, url: webhook.url ?? NOWHERE };
  return createSimulator({ webhook: located, seed: flags.seed, extras: webhookExtras(flags) });
}

export function warnOfUnmatched(entries: readonly string[], context: CommandContext): void {
  for (const entry of entries) context.warn(`blocklist entry '${entry}' matches nothing here; a typo?`);
}
