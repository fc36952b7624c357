import { mapScalars, type JsonNode } from '../json/node.ts';
import { idTokenLength, isConfigurationPrefix, prefixOfId } from '../persona/ids.ts';
import { Noise, noiseKey, type NoiseKey } from './noise.ts';
import type { IdMap } from './build.ts';

/**
 * Ids that follow from a seed and numbers, so that an event need not be kept to be made again. An event's own id
 * follows from its number; that of an object from the story that it is in and from the fixtures' id for it, so
 * that all events of a story agree; that of a template, a workflow or anything similar is the same in the whole run.
 */
export interface IdRule {
  readonly prefix: string;
  /** Of characters after the prefix. */
  readonly length: number;
  readonly key: NoiseKey;
  readonly isConfiguration: boolean;
}

/** How the id that stands for `sampleId` is made; undefined for a text that is not an id. */
export function idRule(seed: number, sampleId: string): IdRule | undefined {
  const prefix = prefixOfId(sampleId);
  if (prefix === undefined) return undefined;
  return {
    prefix,
    length: idTokenLength(prefix),
    key: noiseKey(`${seed}/${sampleId}`),
    isConfiguration: isConfigurationPrefix(prefix),
  };
}

export function eventIdRule(seed: number): IdRule {
  return {
    prefix: 'evt',
    length: idTokenLength('evt'),
    key: noiseKey(`${seed}/event`),
    isConfiguration: false,
  };
}

/** The id of the event of that number, whatever it is about. */
export function numberedEventId(seed: number, eventNumber: number): string {
  return idOf(eventIdRule(seed), eventNumber);
}

/** The ids of a story, for `buildEvent` and `buildScenario`. @param documents - whose ids get a name */
export function storyIds(seed: number, story: number, documents: readonly JsonNode[]): IdMap {
  const ids: IdMap = new Map<string, string>();
  for (const document of documents)
    mapScalars(document, (leaf) => {
      if (typeof leaf.value !== 'string' || ids.has(leaf.value)) return leaf;
      const rule = idRule(seed, leaf.value);
      if (rule !== undefined) ids.set(leaf.value, idOf(rule, story));
      return leaf;
    });
  return ids;
}

/** @param story - without effect on ids of the configuration */
export function idOf({ prefix, length, key, isConfiguration }: IdRule, story: number): string {
  const token = Buffer.alloc(length);
  const noise = new Noise();
  noise.start(key, isConfiguration ? 0 : story);
  noise.writeBase58(token, 0, length);
  return `${prefix}_${token.toString('latin1')}`;
}
