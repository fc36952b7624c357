import type { WebhookAttributes } from '../persona/webhook.ts';
import type { WebhookExtras } from '../webhook/configure.ts';
import type { SourceRecipe } from './create-event-source.ts';

/** All that the events of a run follow from. Plain values, without secrets and headers of the user's own. */
export interface RunRecipe {
  readonly source: SourceRecipe;
  readonly attributes: WebhookAttributes;
  readonly extras: WebhookExtras;
  /** Of what the source makes: it differs when fixtures or code have changed. */
  readonly digest: string;
}
