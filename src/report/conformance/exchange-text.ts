import { STATUS_CODES } from 'node:http';
import type { WireReport } from '../../conformance/report.ts';
import { formatElapsed } from '../duration.ts';
import { printable } from '../../text/printable.ts';

/** An HTTP message for people: nothing in it can move a cursor, turn the direction of writing or ring a bell. */
export interface MessageText {
  readonly startLine: string;
  readonly headers: readonly string[];
  /** Lines as in the body; a hex dump where the body is not UTF-8. */
  readonly body: string;
  /** `1,234 bytes`, `the first 4,096 of 70,000 bytes, not UTF-8`. */
  readonly size: string;
}

/** As `printable`, with line feeds kept. */
export function visibleLines(text: string): string {
  return text
    .split('\n')
    .map((line) => printable(line, Infinity))
    .join('\n');
}

export function requestText({ request }: WireReport, limitBytes: number): MessageText {
  const { method, url, headers, body } = request;
  return {
    startLine: printable(`${method} ${url}`, Infinity),
    ...headersAndBody(headers, { body, isCut: false, limitBytes }),
  };
}

/** Undefined when there was none: see `failure`. */
export function responseText({ response }: WireReport, limitBytes: number): MessageText | undefined {
  if (response === undefined) return undefined;
  const { status, headers, body, truncated } = response;
  return {
    startLine: statusText(status),
    ...headersAndBody(headers, { body, isCut: truncated, limitBytes }),
  };
}

/** `forged: 401 Unauthorized in 12 ms` */
export function exchangeLine({ label, response, failure, durationMs }: WireReport): string {
  const answer = response === undefined ? (failure ?? 'no answer') : statusText(response.status);
  return `${printable(label)}: ${printable(answer)} in ${formatElapsed(durationMs)}`;
}

function statusText(status: number): string {
  return `${status} ${STATUS_CODES[status] ?? ''}`.trim();
}

interface BodyExtent {
  readonly body: Buffer;
  /** Was there more than was kept? */
  readonly isCut: boolean;
  readonly limitBytes: number;
}

function headersAndBody(headers: readonly (readonly [string, string])[], extent: BodyExtent) {
  const { body, limitBytes } = extent;
  const shown = body.subarray(0, limitBytes);
  const text = utf8OrUndefined(shown);
  return {
    headers: headers.map(([name, value]) => printable(`${name}: ${cut(value, limitBytes)}`, Infinity)),
    body: text === undefined ? hexDump(shown) : visibleLines(text),
    size: sizeText(extent) + (text === undefined ? ', not UTF-8' : ''),
  };
}

/** A header has as much room as a body, and a signature always fits. */
const SHORTEST_CUT = 400;

function cut(value: string, limit: number): string {
  const length = Math.max(limit, SHORTEST_CUT);
  if (value.length <= length) return value;
  return `${value.slice(0, length)}… (${value.length.toLocaleString('en-US')} characters)`;
}

function sizeText({ body, isCut, limitBytes }: BodyExtent): string {
  const total = `${isCut ? 'more than ' : ''}${bytesText(body.length)}`;
  return body.length > limitBytes ? `the first ${limitBytes.toLocaleString('en-US')} of ${total}` : total;
}

function bytesText(count: number): string {
  return `${count.toLocaleString('en-US')} byte${count === 1 ? '' : 's'}`;
}

/** `stream`: a cut may fall into the middle of a character, which is then left out. */
function utf8OrUndefined(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes, { stream: true });
  } catch {
    return undefined;
  }
}

/** `00000000  ff fe 00 41  ...A`, sixteen bytes a line. */
function hexDump(bytes: Buffer): string {
  const starts = Array.from({ length: Math.ceil(bytes.length / 16) }, (_, index) => index * 16);
  return starts.map((start) => hexLine(start, bytes.subarray(start, start + 16))).join('\n');
}

function hexLine(start: number, bytes: Buffer): string {
  const offset = start.toString(16).padStart(8, '0');
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
  const ascii = bytes.toString('latin1').replace(/[^\x20-\x7e]/g, '.');
  return `${offset}  ${hex.padEnd(47)}  ${ascii}`;
}
