import fc from 'fast-check';
import { diskRecordings } from '../../src/recording/files.ts';
import { readRecordings } from '../../src/recording/read/recordings.ts';
import type { Recording, ReadContext } from '../../src/recording/recording.ts';

/** Bodies that every careless copy changes. */
export const ODD_BODIES: readonly (readonly [name: string, body: Buffer])[] = [
  ['numbers', Buffer.from('{"data":{"id":"evt_1","score":100.0,"big":12345678901234567890,"e":1E+2}}')],
  ['escapes', Buffer.from('{"data":{"id":"evt_2","a":"\\u00e9\\/\\ud83d\\ude00"}}')],
  ['a trailing newline and spaces', Buffer.from('{ "data" : { "id" : "evt_3" } }\r\n\n')],
  ['invalid UTF-8', Buffer.from([0x7b, 0xff, 0xfe, 0xc3, 0x28, 0x00, 0x7d])],
  ['a byte order mark', Buffer.from('\ufeff{"data":{"id":"evt_4"}}')],
  ['separators of lines', Buffer.from('{"a":"\u2028\u2029\u0085"}')],
  ['nothing', Buffer.alloc(0)],
];

/** Reads, and keeps the warnings. */
export async function readAll(
  paths: readonly string[],
  context: Partial<ReadContext> = {},
): Promise<{ recordings: Recording[]; warnings: string[] }> {
  const warnings: string[] = [];
  const recordings: Recording[] = [];
  const warn = (warning: string) => warnings.push(warning);
  for await (const recording of readRecordings(paths, { files: diskRecordings, warn, ...context }))
    recordings.push(recording);
  return { recordings, warnings };
}

const headerValue = fc.stringMatching(/^[!-~\u00a1-\u00ff]{0,12}$/);
const headers = fc.array(
  fc.tuple(fc.constantFrom('X-One', 'x-one', 'Accept', 'User-Agent', 'persona-Signature'), headerValue),
  { maxLength: 5 },
);
const bytes = fc
  .oneof(
    fc.uint8Array({ maxLength: 40 }).map((array) => Buffer.from(array)),
    fc.json().map((text) => Buffer.from(text)),
    fc.constantFrom(...ODD_BODIES.map(([, body]) => body)),
  )
  .map((body) => body);

/** Recordings with everything that the model has. */
export const anyRecording: fc.Arbitrary<Recording> = fc
  .record(
    {
      method: fc.constant('POST'),
      url: fc.constantFrom('http://localhost/', 'https://me.test:8443/hook?a=1&b=%2F'),
      headers,
      body: bytes,
      atMs: fc.integer({ min: 0, max: 4_000_000_000_000 }),
      eventId: fc.string({ minLength: 1 }),
      eventName: fc.string({ minLength: 1 }),
      attempt: fc.integer({ min: 1, max: 9 }),
      deliveryId: fc.string({ minLength: 1 }),
      altered: fc.constantFrom('scrubbed' as const, 're-encoded' as const),
      answer: fc.record({
        status: fc.integer({ min: 200, max: 599 }),
        headers,
        body: bytes,
        truncated: fc.boolean(),
      }),
      failure: fc.record({ code: fc.string(), reason: fc.string() }),
      timings: fc.record({ totalMs: fc.integer({ min: 0, max: 9_000 }) }),
    },
    { requiredKeys: ['method', 'url', 'headers', 'body'] },
  )
  .map((recording) => recording as Recording);
