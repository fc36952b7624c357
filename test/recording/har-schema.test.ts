import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { harText } from '../../src/recording/write/har.ts';
import { anyRecording } from '../helpers/recordings.ts';

/** An object of HAR 1.2: members that are not the specification's begin with `_`. */
function har<S extends z.ZodRawShape>(shape: S) {
  const own = new Set(Object.keys(shape));
  return z
    .looseObject(shape)
    .refine((value) => Object.keys(value).every((key) => own.has(key) || key.startsWith('_')));
}

const pair = har({ name: z.string(), value: z.string(), comment: z.string().optional() });
const message = {
  httpVersion: z.string(),
  cookies: z.array(pair),
  headers: z.array(pair),
  headersSize: z.int().min(-1),
  bodySize: z.int().min(-1),
};
const time = z.number().min(-1);
const entry = har({
  startedDateTime: z.iso.datetime({ offset: true }),
  time: z.number().min(0),
  request: har({
    ...message,
    method: z.string(),
    url: z.url(),
    queryString: z.array(pair),
    postData: har({
      mimeType: z.string(),
      params: z.array(z.unknown()).optional(),
      text: z.string(),
    }).optional(),
  }),
  response: har({
    ...message,
    status: z.int(),
    statusText: z.string(),
    content: har({
      size: z.int(),
      mimeType: z.string(),
      text: z.string().optional(),
      encoding: z.string().optional(),
    }),
    redirectURL: z.string(),
  }),
  cache: har({}),
  timings: har({
    connect: time.optional(),
    send: z.number().min(0),
    wait: z.number().min(0),
    receive: z.number().min(0),
  }),
});
const archive = har({
  log: har({
    version: z.literal('1.2'),
    creator: har({ name: z.string(), version: z.string() }),
    entries: z.array(entry),
  }),
});

test('what is written has the members of HAR 1.2, and time is the sum of the timings', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyRecording, { maxLength: 3 }), async (recordings) => {
      let text = '';
      for await (const piece of harText(recordings, { version: '1.2.3' })) text += piece;
      const { log } = archive.parse(JSON.parse(text));
      expect(log.entries).toHaveLength(recordings.length);
      for (const { time: total, timings } of log.entries) {
        const { connect = -1, send, wait, receive } = timings;
        expect(total).toBeCloseTo(Math.max(0, connect) + send + wait + receive, 6);
      }
    }),
    { numRuns: 50 },
  );
});
