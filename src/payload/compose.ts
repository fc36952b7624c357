import type { Event } from '../event/event.ts';
import { serialise } from '../json/serialise.ts';
import { applyBlocklist, type Blocklist, type BlocklistResult } from './blocklist/apply.ts';

/** The part of a webhook that changes bodies, read once per webhook. */
export interface PayloadConfiguration {
  readonly blocklist: Blocklist;
}

export interface Payload extends BlocklistResult {
  /** The exact bytes that are signed, sent, recorded and replayed. */
  readonly body: Buffer;
}

/** Makes of an event what this webhook's receiver gets to see. */
export function composePayload(event: Event, configuration: PayloadConfiguration): Payload {
  const result = applyBlocklist(event.document, configuration.blocklist);
  return { ...result, body: Buffer.from(serialise(result.document), 'utf8') };
}
