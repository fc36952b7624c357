import * as z from 'zod';
import { parseIsoTime } from '../../text/time.ts';
import { jsonPath } from '../../json/validate.ts';
import { bodyBytes } from '../body-text.ts';
import { eventOf, memberOf } from '../identify.ts';
import { checkedUrl, remarks } from '../ndjson.ts';
import { checkedHeaders } from './headers.ts';
import {
  headerOf,
  fault,
  type Alteration,
  type HeaderList,
  type Place,
  type RecordedAnswer,
  type Recording,
  type ReadContext,
} from '../recording.ts';

/** The entries of an HTTP archive; undefined for a value that is none. */
export function harEntries(value: unknown): readonly unknown[] | undefined {
  const entries = memberOf(memberOf(value, 'log'), 'entries');
  return Array.isArray(entries) ? entries : undefined;
}

/** The POSTs of a HAR 1.2 archive, ours or a browser's or proxy's; other requests are left out. */
export function* readHar(
  entries: readonly unknown[],
  path: string,
  { warn }: Pick<ReadContext, 'warn'>,
): Generator<Recording> {
  let others = 0;
  for (const [index, value] of entries.entries()) {
    const place = { path, where: `log.entries[${index}]` };
    // What is left out is not judged: other requests may have what HAR does not allow.
    const method = memberOf(memberOf(value, 'request'), 'method');
    if (typeof method === 'string' && method.toUpperCase() !== 'POST') {
      others += 1;
      continue;
    }
    const entry = checkedEntry(value, place);
    const body = requestBody(entry.request, place);
    const doubt =
      body === undefined
        ? 'the body is missing and the entry is left out; was the archive saved without content?'
        : body.doubt;
    if (doubt !== undefined) warn(`${path}: ${place.where}: ${doubt}`);
    if (body !== undefined) yield recordingOf(entry, body, place);
  }
  if (others > 0) warn(`${path}: ${others} of ${entries.length} requests left out: only POSTs are replayed`);
}

function checkedEntry(value: unknown, place: Place): HarEntry {
  const result = entrySchema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw fault(memberAt(place, jsonPath(issue?.path ?? [])), {
    expected: 'an entry of HAR 1.2',
    found: issue?.message ?? 'something else',
  });
}

function memberAt({ path, where }: Place, member: string): Place {
  return { path, where: `${where}.${member}` };
}

interface HarBody {
  readonly bytes: Buffer;
  readonly altered?: Alteration;
  readonly doubt?: string;
}

/** undefined: there was a body and the archive does not hold it. */
function requestBody(request: HarEntry['request'], place: Place): HarBody | undefined {
  const { postData } = request;
  const size = sizeOf(request);
  if (postData?.text === undefined) return size === 0 || postData == null ? noBody(size) : undefined;
  const encoding = postData._encoding ?? postData.encoding;
  const bytes = bodyBytes(postData.text, encoding, memberAt(place, 'request.postData.text'));
  const isLossy = encoding !== 'base64' && /\p{Surrogate}/u.test(postData.text);
  if (isPlaceholder(bytes, size)) return undefined;
  return judged(bytes, { size, isLossy, hasReplacement: postData.text.includes('\ufffd') });
}

/** A text that stands for a body which was too large to be saved. */
function isPlaceholder(bytes: Buffer, size = 0): boolean {
  return size > 2 * bytes.length && eventOf(bytes).name === undefined;
}

function noBody(size: number | undefined): HarBody | undefined {
  return size === undefined || size === 0 ? { bytes: Buffer.alloc(0) } : undefined;
}

/** A byte that was not UTF-8 has become another character: the length tells. */
function judged(
  bytes: Buffer,
  { size, isLossy, hasReplacement }: { size: number | undefined; isLossy: boolean; hasReplacement: boolean },
): HarBody {
  const change = 'the program that saved the archive changed it, and its signature does not fit';
  const altered = 're-encoded';
  if (isLossy) return { bytes, altered, doubt: `the body holds half characters: ${change}` };
  if (size !== undefined && size !== bytes.length)
    return { bytes, altered, doubt: `the body has ${bytes.length} bytes, and ${size} were sent: ${change}` };
  if (!hasReplacement || size !== undefined) return { bytes };
  const doubt = 'the body holds U+FFFD, which often stands for bytes that the archive lost';
  return { bytes, doubt };
}

/** -1 stands for unknown; a compressed body has another length than its text. */
function sizeOf({ bodySize, headers }: HarEntry['request']): number | undefined {
  const pairs = pairsOf(headers);
  if (headerOf(pairs, 'content-encoding') !== undefined) return undefined;
  const length = headerOf(pairs, 'content-length')?.trim() ?? '';
  if (/^\d{1,15}$/.test(length)) return Number(length);
  return bodySize === undefined || bodySize < 0 ? undefined : bodySize;
}

/** Pseudo-headers of HTTP/2 (`:authority`) belong to its connection. */
function pairsOf(headers: HarEntry['request']['headers']): HeaderList {
  return headers.filter(({ name }) => !name.startsWith(':')).map(({ name, value }) => [name, value]);
}

function recordingOf(entry: HarEntry, { bytes, altered }: HarBody, place: Place): Recording {
  const { atUnknown, truncated = false, ...own } = entry._hookcast ?? {};
  return {
    method: entry.request.method,
    url: checkedUrl(entry.request.url, place),
    headers: checkedHeaders(pairsOf(entry.request.headers), place),
    body: bytes,
    atMs: atUnknown === true ? undefined : parseIsoTime(entry.startedDateTime ?? ''),
    ...own,
    altered: altered ?? own.altered,
    answer: answerOf(entry, truncated, place),
  };
}

/** Status 0 stands for no answer. */
function answerOf({ response }: HarEntry, truncated: boolean, place: Place): RecordedAnswer | undefined {
  if (response == null || response.status === 0) return undefined;
  const { status, headers, content } = response;
  const textPlace = memberAt(place, 'response.content.text');
  const body = bodyBytes(content?.text ?? '', content?.encoding, textPlace);
  return { status, headers: pairsOf(headers), body, truncated };
}

/** HAR 1.2, as far as it is read here: what browsers and proxies leave out or add does not matter. */
const header = z.object({ name: z.string(), value: z.string() });

const headers = z.array(header).default([]);

const entrySchema = z.object({
  startedDateTime: z.string().optional(),
  request: z.object({
    method: z.string(),
    url: z.string(),
    headers,
    bodySize: z.number().optional(),
    postData: z
      .object({
        text: z.string().optional(),
        /** Ours. */
        _encoding: z.string().optional(),
        /** Other programs'. */
        encoding: z.string().optional(),
      })
      .nullish(),
  }),
  response: z
    .object({
      status: z.number(),
      headers,
      content: z.object({ text: z.string().optional(), encoding: z.string().optional() }).nullish(),
    })
    .nullish(),
  /** Ours: what HAR has no member for. */
  _hookcast: z
    .object({
      ...remarks,
      atUnknown: z.boolean().optional(),
      truncated: z.boolean().optional(),
    })
    .optional(),
});

type HarEntry = z.infer<typeof entrySchema>;
