import { UsageError } from '../errors.ts';
import { Noise, quickKey, type NoiseKey } from '../event/noise.ts';
import { idOf } from '../event/story-ids.ts';
import { standInFingerprint } from '../payload/versions/index.ts';
import { individualise, signedTokenForm, type TokenRule } from '../payload/file-token.ts';
import type { BodyTemplate, TimeSlot } from './body-template.ts';
import type { EventIdentity, RenderedEvent } from './event-source.ts';
import { writeDateTime, writeMilliseconds, writeUnixSeconds } from './write-time.ts';

/** Unix seconds have ten digits from 2001-09-09 to 2286-11-20. */
const FIRST_MS = 1_000_000_000_000;
const LAST_MS = 9_999_999_999_999;

const EVENT_PREFIX = 'evt_';
const EVENT_TOKEN_LENGTH = 24;

export interface TemplateEvent {
  readonly eventName: string;
  readonly eventIdKey: NoiseKey;
  readonly blank: BodyTemplate;
  readonly rule: TokenRule;
}

/** Which event, and the story that it belongs to. */
export interface EventNumbers {
  readonly event: number;
  readonly story: number;
}

/** Turns its one body from event to event, and writes only what is not the same as in the one before. */
export class TemplateRenderer implements RenderedEvent {
  readonly eventName: string;
  readonly body: Buffer;
  readonly #form: TemplateEvent;
  readonly #idAt: number;
  readonly #earliestMs: number;
  readonly #latestMs: number;
  readonly #noise = new Noise();
  #story = Number.NaN;
  #ms = Number.NaN;
  #second = Number.NaN;

  constructor(form: TemplateEvent) {
    this.eventName = form.eventName;
    this.#form = form;
    this.body = Buffer.from(form.blank.bytes);
    this.#idAt = form.blank.eventIdAt[0] ?? 0;
    const offsets = form.blank.times.map(({ offsetMs }) => offsetMs);
    this.#earliestMs = FIRST_MS + 1000 - Math.min(0, ...offsets);
    this.#latestMs = LAST_MS - 1000 - Math.max(form.rule.expiresInSeconds * 1000, ...offsets);
  }

  /** Only made when asked for. */
  get eventId(): string {
    return this.body.toString('latin1', this.#idAt - EVENT_PREFIX.length, this.#idAt + EVENT_TOKEN_LENGTH);
  }

  /**
   * Makes the body of that event, as it happened at `atMs` (milliseconds since 1970).
   * @throws {UsageError} for a time at which its unix seconds would not have ten digits
   */
  render({ event, story }: EventNumbers, atMs: number): this {
    if (!this.covers(atMs)) throw outOfTime(this.eventName, atMs);
    this.#writeEventId(event);
    if (story !== this.#story) this.#writeStoryIds(story);
    return this.#writeRest(Math.floor(atMs));
  }

  /** As `render`, of an event that has its id already, and whose objects have theirs in the template. */
  renderNamed(eventId: string, atMs: number): this {
    if (!this.covers(atMs)) throw outOfTime(this.eventName, atMs);
    this.body.write(eventId.slice(EVENT_PREFIX.length), this.#idAt, 'latin1');
    repeat(this.body, this.#form.blank.eventIdAt, EVENT_TOKEN_LENGTH);
    return this.#writeRest(Math.floor(atMs));
  }

  /** Can an event at this time be rendered? */
  covers(atMs: number): boolean {
    const ms = Math.floor(atMs);
    return ms >= this.#earliestMs && ms <= this.#latestMs;
  }

  /** Name and id alone: the rest of the body is as it was. */
  identify(event: number): EventIdentity {
    this.#writeEventId(event);
    return this;
  }

  #writeEventId(event: number): void {
    const { blank, eventIdKey } = this.#form;
    this.#noise.start(eventIdKey, event);
    this.#noise.writeBase58(this.body, this.#idAt, EVENT_TOKEN_LENGTH);
    repeat(this.body, blank.eventIdAt, EVENT_TOKEN_LENGTH);
  }

  #writeRest(ms: number): this {
    if (ms !== this.#ms) this.#writeTimes(ms);
    this.#writeTokens();
    return this;
  }

  #writeStoryIds(story: number): void {
    this.#story = story;
    for (const { key, length, at } of this.#form.blank.storyIds) {
      this.#noise.start(key, story);
      this.#noise.writeBase58(this.body, at[0] ?? 0, length);
      repeat(this.body, at, length);
    }
    for (const { rule, at } of this.#form.blank.fingerprints)
      this.body.write(standInFingerprint(idOf(rule, story)), at, 'latin1');
  }

  #writeTimes(ms: number): void {
    const secondMs = Math.floor(ms / 1000) * 1000;
    const isSameSecond = secondMs === this.#second;
    for (const slot of this.#form.blank.times) {
      if (slot.from === 'moment') writeTime(this.body, slot, ms + slot.offsetMs);
      else if (!isSameSecond) writeTime(this.body, slot, secondMs + slot.offsetMs);
    }
    if (!isSameSecond) this.#writeTokenTimes(secondMs / 1000);
    this.#ms = ms;
    this.#second = secondMs;
  }

  /** The same in all tokens, whatever the file. */
  #writeTokenTimes(issuedAt: number): void {
    const { blank, rule } = this.#form;
    if (blank.tokens.length === 0) return;
    const { bytes } = signedTokenForm('', issuedAt, rule);
    for (const { at, places } of blank.tokens)
      for (const { start, end } of places.times) bytes.copy(this.body, at + start, start, end);
  }

  #writeTokens(): void {
    const { tokens } = this.#form.blank;
    if (tokens.length === 0) return;
    const key = quickKey(this.body, this.#idAt - EVENT_PREFIX.length, this.#idAt + EVENT_TOKEN_LENGTH);
    for (const { count, at, places } of tokens) {
      this.#noise.start(key, count);
      individualise(this.body, at, { places, noise: this.#noise });
    }
  }
}

/** Copies what stands in the first place to the others. */
function repeat(body: Buffer, places: readonly number[], length: number): void {
  const from = places[0] ?? 0;
  for (let place = 1; place < places.length; place += 1) {
    body.copyWithin(places[place] ?? 0, from, from + length);
  }
}

function writeTime(body: Buffer, { form, at }: TimeSlot, ms: number): void {
  const write = form === 'unix' ? writeUnixSeconds : form === 'seconds' ? writeDateTime : writeMilliseconds;
  for (const place of at) write(body, place, ms);
}

function outOfTime(eventName: string, atMs: number): UsageError {
  return new UsageError(
    `${eventName}: an event at ${atMs} ms since 1970 has times outside of the years 2001 to 2286`,
  );
}
