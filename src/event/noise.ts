import { createHash } from 'node:crypto';
import { BASE58 } from '../persona/ids.ts';

/** What noise is made from, beside a number. */
export interface NoiseKey {
  readonly a: number;
  readonly b: number;
}

/** The key of a text, such as a seed with a name. */
export function noiseKey(text: string): NoiseKey {
  const digest = createHash('sha256').update(text).digest();
  return { a: digest.readInt32LE(0), b: digest.readInt32LE(4) };
}

/** The key of an id or another short text, without the cost of a digest. */
export function quickKey(bytes: Uint8Array, start: number, end: number): NoiseKey {
  let a = 0x243f6a88;
  let b = 0x13198a2e;
  for (let at = start; at < end; at += 1) {
    a = Math.imul(a ^ (bytes[at] ?? 0), 0x01000193);
    b = Math.imul(b ^ (a >>> 15), 0x85ebca6b);
  }
  return { a: mixed(a), b: mixed(b) };
}

const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const BASE58_PAIR_COUNT = BASE58.length ** 2;

// Filled as they are met: a single event needs a few of their entries, and no entry is 0.
const BASE58_PAIRS = new Uint16Array(BASE58_PAIR_COUNT);
const BASE64_PAIRS = new Uint16Array(BASE64URL.length ** 2);
const HEX_IN_BASE64 = new Uint16Array(8192);

/**
 * Characters that follow from a key and a number alone, some hundred times as fast as a digest: xoroshiro64**
 * (Blackman and Vigna), started from 64 mixed bits. Neither secret nor meant to be.
 */
export class Noise {
  #a = 0;
  #b = 0;

  /** @param number - a whole number from 0 to 2^53; below 2^32 no two of them start in the same state */
  start({ a, b }: NoiseKey, number: number): void {
    const low = number | 0;
    const high = number < 4_294_967_296 ? 0 : (number / 4_294_967_296) | 0;
    this.#a = mixed((low + a) | 0);
    // The one state that the generator never leaves is all zeros.
    this.#b = mixed((this.#a ^ b) + Math.imul(high, 0x9e3779b1)) | 1;
  }

  /** 32 bits. */
  next(): number {
    const a = this.#a;
    const b = this.#b ^ a;
    const product = Math.imul(a, 0x9e3779bb);
    this.#a = ((a << 26) | (a >>> 6)) ^ b ^ (b << 9);
    this.#b = (b << 13) | (b >>> 19);
    return Math.imul((product << 5) | (product >>> 27), 5) >>> 0;
  }

  /** @param length - divisible by four */
  writeBase58(bytes: Uint8Array, start: number, length: number): void {
    const end = start + length;
    for (let at = start; at < end; at += 4) {
      // 32 bits are enough for two pairs: the next digits of the same fraction.
      const scaled = (this.next() / 4_294_967_296) * BASE58_PAIR_COUNT;
      const first = scaled | 0;
      writePair(bytes, at, base58Pair(first));
      writePair(bytes, at + 2, base58Pair(((scaled - first) * BASE58_PAIR_COUNT) | 0));
    }
  }

  /** @param length - of base64url characters */
  writeBase64(bytes: Uint8Array, start: number, length: number): void {
    const end = start + length;
    let at = start;
    for (; at + 4 <= end; at += 4) {
      const bits = this.next();
      writePair(bytes, at, base64Pair(bits >>> 20));
      writePair(bytes, at + 2, base64Pair((bits >>> 8) & 4095));
    }
    for (; at < end; at += 1) bytes[at] = base64Pair(this.next() >>> 20) & 255;
  }

  /** In each place four characters: the base64 form of three hex digits. @param places - from `start` on */
  writeHexInBase64(bytes: Uint8Array, start: number, places: readonly number[]): void {
    let bits = 0;
    for (let index = 0; index < places.length; index += 1) {
      // One draw is enough for two places.
      bits = index % 2 === 0 ? this.next() : bits << 12;
      const at = start + (places[index] ?? 0);
      const value = bits >>> 20;
      writePair(bytes, at, hexPair(value * 2));
      writePair(bytes, at + 2, hexPair(value * 2 + 1));
    }
  }
}

function writePair(bytes: Uint8Array, at: number, pair: number): void {
  bytes[at] = pair & 255;
  bytes[at + 1] = pair >>> 8;
}

/** The finaliser of MurmurHash3: every bit of the input reaches every bit of the result, and no two inputs meet. */
export function mixed(value: number): number {
  const once = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  const twice = Math.imul(once ^ (once >>> 13), 0xc2b2ae35);
  return twice ^ (twice >>> 16);
}

function base58Pair(index: number): number {
  return BASE58_PAIRS[index] || (BASE58_PAIRS[index] = pairOf(BASE58, index));
}

function base64Pair(index: number): number {
  return BASE64_PAIRS[index] || (BASE64_PAIRS[index] = pairOf(BASE64URL, index));
}

/** Half of what three hex digits are in base64: two entries for each of the 4096. */
function hexPair(index: number): number {
  return HEX_IN_BASE64[index] || (HEX_IN_BASE64[index] = hexInBase64(index));
}

/** All pairs of characters are numbered, and each is in one number. */
function pairOf(alphabet: string, index: number): number {
  const first = Math.floor(index / alphabet.length);
  return alphabet.charCodeAt(first) | (alphabet.charCodeAt(index % alphabet.length) << 8);
}

function hexInBase64(index: number): number {
  const hex = '0123456789abcdef';
  const value = index >> 1;
  const first = hex.charCodeAt(value >> 8);
  const second = hex.charCodeAt((value >> 4) & 15);
  const third = hex.charCodeAt(value & 15);
  const bits = (first << 16) | (second << 8) | third;
  return base64Pair(index % 2 === 0 ? bits >>> 12 : bits & 4095);
}
