import { Noise, type NoiseKey } from '../event/noise.ts';
import type { IdRule } from '../event/story-ids.ts';
import { individualise, signedTokenForm, type TokenPlaces, type TokenRule } from '../payload/file-token.ts';
import { lengthOf, type Hole, type IdHole, type TimeHole } from './placeholders.ts';

/** A body without what differs between events, and where that goes. */
export interface Blank {
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

export interface TimeSlot extends TimeHole {
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

/** Makes a blank of the text and the holes in it. */
export function blankOf(parts: readonly (string | Hole)[], probe: Probe): Blank {
  const chunks: Buffer[] = [];
  const placed: { readonly hole: Hole; readonly at: number }[] = [];
  let length = 0;
  for (const part of parts) {
    if (typeof part !== 'string') placed.push({ hole: part, at: length });
    const chunk = typeof part === 'string' ? Buffer.from(part, 'utf8') : emptyHole(part);
    chunks.push(chunk);
    length += chunk.length;
  }
  const bytes = Buffer.concat(chunks);
  return { bytes, ...slotsOf(placed), tokens: findTokens(bytes, probe) };
}

/** Times have their separators from the start. */
function emptyHole(hole: Hole): Buffer {
  const isText = hole.kind === 'time' && hole.form !== 'unix';
  const text = isText ? '0000-00-00T00:00:00.000' : '0'.repeat(lengthOf(hole));
  return Buffer.from(text.slice(0, lengthOf(hole)));
}

type Placed = readonly { readonly hole: Hole; readonly at: number }[];

function slotsOf(placed: Placed): Omit<Blank, 'bytes' | 'tokens'> {
  const ids = placed.flatMap(({ hole, at }) => (hole.kind === 'id' ? [{ hole, at }] : []));
  const times = placed.flatMap(({ hole, at }) => (hole.kind === 'time' ? [{ hole, at }] : []));
  const keyOf = ({ rule }: IdHole) => `${rule.prefix} ${rule.key.a} ${rule.key.b}`;
  const stories = grouped(
    ids.filter(({ hole }) => hole.of === 'story'),
    keyOf,
  );
  return {
    eventIdAt: ids.filter(({ hole }) => hole.of === 'event').map(({ at }) => at),
    storyIds: stories.map(({ hole, at }) => ({ key: hole.rule.key, length: hole.rule.length, at })),
    fingerprints: placed.flatMap(({ hole, at }) =>
      hole.kind === 'fingerprint' ? [{ rule: hole.rule, at }] : [],
    ),
    times: grouped(times, ({ from, form, offsetMs }) => `${from} ${form} ${offsetMs}`).map(
      ({ hole, at }) => ({ ...hole, at }),
    ),
  };
}

function grouped<H extends Hole>(
  placed: readonly { readonly hole: H; readonly at: number }[],
  keyOf: (hole: H) => string,
): { hole: H; at: number[] }[] {
  const groups = new Map<string, { hole: H; at: number[] }>();
  for (const { hole, at } of placed) {
    const group = groups.get(keyOf(hole));
    if (group === undefined) groups.set(keyOf(hole), { hole, at: [at] });
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
