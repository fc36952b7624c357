import type { Event } from '../event/build.ts';
import { PAYLOAD } from '../event/overrides.ts';
import { at, changeAt, type JsonObject } from '../json/node.ts';
import { serialise } from '../json/text.ts';
import { applyBlocklist, type Blocklist, type BlocklistResult } from './blocklist/apply.ts';
import { applyEventExtras, type EventExtras } from './event-extras.ts';
import { issueFileTokens, type TokenRule } from './file-token.ts';
import { filterMismatch, type FilterMismatch, type PayloadFilter } from './filter.ts';
import { restrictIncluded, type IncludedRule } from './included.ts';
import { inflectKeys, type InflectionRule } from './inflection.ts';
import { restrictRelationships, type RelationshipRule } from './relationships.ts';
import { toVersion, type VersionChange } from './versions/index.ts';

/** The part of a webhook that changes bodies, read once per webhook. */
export interface PayloadConfiguration {
  /** What lies between the newest API version and the webhook's. */
  readonly versionChanges: readonly VersionChange[];
  readonly tokens: TokenRule;
  readonly included: IncludedRule;
  readonly relationships: RelationshipRule;
  readonly blocklist: Blocklist;
  readonly extras: EventExtras;
  readonly inflection: InflectionRule;
  readonly filter?: PayloadFilter | undefined;
}

export interface Payload extends BlocklistResult {
  /** The exact bytes that are signed, sent, recorded and replayed. */
  readonly body: Buffer;
  /** The clause of the webhook's filter that keeps this event from being sent. */
  readonly filterMismatch?: FilterMismatch | undefined;
}

/** Makes of an event what this webhook's receiver gets to see. */
export function composePayload(event: Event, configuration: PayloadConfiguration): Payload {
  const { versionChanges, tokens, included, relationships, blocklist, extras, inflection } = configuration;
  const whole = issueFileTokens(toVersion(event.document, versionChanges), event, tokens);
  const allowed = changeAt(whole, PAYLOAD, (payload) =>
    restrictRelationships(restrictIncluded(payload, included), relationships),
  );
  const blocked = applyBlocklist(allowed, blocklist);
  const document = inflectKeys(applyEventExtras(blocked.document, extras), inflection);
  return {
    ...blocked,
    document,
    body: Buffer.from(serialise(document), 'utf8'),
    filterMismatch: judge(whole, configuration),
  };
}

/** UNDOCUMENTED: whether a filter sees what allowlists and blocklist remove. Here it does. */
function judge(whole: JsonObject, { filter, inflection }: PayloadConfiguration): FilterMismatch | undefined {
  if (filter === undefined) return undefined;
  const payload = at(inflectKeys(whole, inflection), ...PAYLOAD);
  return payload === undefined ? undefined : filterMismatch(payload, filter);
}
