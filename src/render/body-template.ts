import { Noise, type NoiseKey } from '../event/noise.ts';
import type { IdRule } from '../event/story-ids.ts';
import { individualise, signedTokenForm, type TokenPlaces, type TokenRule } from '../payload/file-token.ts';
import { lengthOf, type Placeholder, type IdPlaceholder, type TimePlaceholder } from './placeholders.ts';

/** A body without what differs between events, and where that goes. */
export interface BodyTemplate {
  readonly bytes: Buffer;
  readonly eventIdAt: readonly number[];
  readonly storyIds: readonly IdSlot[];
  readonly fingerprints: readonly FingerprintSlot[];
  readonly times: readonly TimeSlot[];
  readonly tokens: readonly TokenSlot[];
}

/** An id, wherever it stands. */
export interface IdSlot {
  readonly key: NoiseKey;
  readonly length: number;
  readonly at: readonly number[];
}

export interface FingerprintSlot {
  readonly rule: IdRule;
  readonly at: number;
}

export interface TimeSlot extends TimePlaceholder {
  readonly at: readonly number[];
}

export interface TokenSlot {
  /** Which of the event's tokens, from 1. */
  readonly count: number;
  readonly at: number;
  readonly places: TokenPlaces;
}

/** The event whose file tokens are in the text. */
export interface Probe {
  readonly key: NoiseKey;
  readonly issuedAt: number;
  readonly tokenCount: number;
  readonly rule: TokenRule;
}

/** Makes a blank of the text and the placeholders in it. */
export function bodyTemplateOf(parts: readonly (string | Placeholder)[], probe: Probe): BodyTemplate {
  const chunks: Buffer[] = [];
  const placed: { readonly placeholder: Placeholder; readonly at: number }[] = [];
  let length = 0;
  for (const part of parts) {
    if (typeof part !== 'string') placed.push({ placeholder: part, at: length });
    const chunk = typeof part === 'string' ? Buffer.from(part, 'utf8') : emptyHole(part);
    chunks.push(chunk);
    length += chunk.length;
  }
  const bytes = Buffer.concat(chunks);
  return { bytes, ...slotsOf(placed), tokens: findTokens(bytes, probe) };
}

/** Times have their separators from the start. */
function emptyHole(placeholder: Placeholder): Buffer {
  const isText = placeholder.kind === 'time' && placeholder.form !== 'unix';
  const text = isText ? '0000-00-00T00:00:00.000' : '0'.repeat(lengthOf(placeholder));
  return Buffer.from(text.slice(0, lengthOf(placeholder)));
}

type Placed = readonly { readonly placeholder: Placeholder; readonly at: number }[];

function slotsOf(placed: Placed): Omit<BodyTemplate, 'bytes' | 'tokens'> {
  const ids = placed.flatMap(({ placeholder, at }) =>
    placeholder.kind === 'id' ? [{ placeholder, at }] : [],
  );
  const times = placed.flatMap(({ placeholder, at }) =>
    placeholder.kind === 'time' ? [{ placeholder, at }] : [],
  );
  const keyOf = ({ rule }: IdPlaceholder) => `${rule.prefix} ${rule.key.a} ${rule.key.b}`;
  const stories = grouped(
    ids.filter(({ placeholder }) => placeholder.of === 'story'),
    keyOf,
  );
  return {
    eventIdAt: ids.filter(({ placeholder }) => placeholder.of === 'event').map(({ at }) => at),
    storyIds: stories.map(({ placeholder, at }) => ({
      key: placeholder.rule.key,
      length: placeholder.rule.length,
      at,
    })),
    fingerprints: placed.flatMap(({ placeholder, at }) =>
      placeholder.kind === 'fingerprint' ? [{ rule: placeholder.rule, at }] : [],
    ),
    times: grouped(times, ({ from, form, offsetMs }) => `${from} ${form} ${offsetMs}`).map(
      ({ placeholder, at }) => ({ ...placeholder, at }),
    ),
  };
}

function grouped<H extends Placeholder>(
  placed: readonly { readonly placeholder: H; readonly at: number }[],
  keyOf: (placeholder: H) => string,
): { placeholder: H; at: number[] }[] {
  const groups = new Map<string, { placeholder: H; at: number[] }>();
  for (const { placeholder, at } of placed) {
    const group = groups.get(keyOf(placeholder));
    if (group === undefined) groups.set(keyOf(placeholder), { placeholder, at: [at] });
    else group.at.push(at);
  }
  return [...groups.values()];
}

/** Looks for the tokens that the probe event got: those of removed attributes are not there. */
function findTokens(bytes: Buffer, probe: Probe): TokenSlot[] {
  const noise = new Noise();
  return Array.from({ length: probe.tokenCount }, (_, index) => index + 1).flatMap((count) => {
    const signature = Buffer.alloc(SIGNATURE.length);
    noise.start(probe.key, count);
    individualise(signature, 0, { places: SIGNATURE, noise });
    const found = bytes.indexOf(signature);
    if (found < 0) return [];
    const isSigned = bytes[found - 1] === '.'.charCodeAt(0);
    const places = isSigned ? signedTokenForm('', probe.issuedAt, probe.rule).places : SIGNATURE;
    return [{ count, at: found - places.signatureAt, places }];
  });
}

const SIGNATURE = { signatureAt: 0, hexAt: [], times: [], length: 43 } as const;
