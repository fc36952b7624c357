import fc from 'fast-check';
import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HookcastError } from '../../src/errors.ts';
import { identify } from '../../src/recording/identify.ts';
import { recordingLine } from '../../src/recording/ndjson.ts';
import type { Recording } from '../../src/recording/recording.ts';
import { harText } from '../../src/recording/write/har.ts';
import { anyRecording, ODD_BODIES, readAll } from '../helpers/recordings.ts';
import { temporaryFolder, type TemporaryFolder } from '../helpers/temporary-folder.ts';

let folder: TemporaryFolder;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder[Symbol.asyncDispose]());

async function har(recordings: readonly Recording[]): Promise<string> {
  let text = '';
  for await (const piece of harText(recordings, { version: '1.2.3' })) text += piece;
  return text;
}

const WRITERS = {
  ndjson: (recordings: readonly Recording[]) =>
    Promise.resolve(recordings.map((recording) => `${recordingLine(recording)}\n`).join('')),
  har,
};

describe.each(Object.entries(WRITERS))('%s', (form, write) => {
  test('what was written is read again, to the byte', async () => {
    const path = `${folder.path}/round-trip.${form}`;
    await fc.assert(
      fc.asyncProperty(fc.array(anyRecording, { minLength: 1, maxLength: 4 }), async (recordings) => {
        await writeFile(path, await write(recordings));
        const { recordings: read, warnings } = await readAll([path]);
        expect(warnings).toEqual([]);
        expect(read).toEqual(recordings.map(identify));
      }),
      { numRuns: 40 },
    );
  });

  test('garbled and cut files give HookcastErrors, or recordings', async () => {
    const path = `${folder.path}/garbled.${form}`;
    const sample = Buffer.from(
      await write(
        ODD_BODIES.map(([, body]) => ({ method: 'POST', url: 'http://a.test/', headers: [], body })),
      ),
    );
    await onlyOurErrors(path, sample);
  });
});

async function onlyOurErrors(path: string, sample: Buffer): Promise<void> {
  const damage = fc.record({
    keep: fc.nat(sample.length),
    at: fc.nat(sample.length - 1),
    bytes: fc.uint8Array({ maxLength: 3 }),
  });
  await fc.assert(
    fc.asyncProperty(damage, async ({ keep, at, bytes }) => {
      const changed = Buffer.from(sample);
      changed.set(bytes.subarray(0, sample.length - at), at);
      await writeFile(path, changed.subarray(0, keep));
      const error = await readAll([path]).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      if (error === undefined) return;
      expect(error).toBeInstanceOf(HookcastError);
      expect((error as Error).message).toContain(path);
    }),
    { numRuns: 80 },
  );
}

test('a garbled HTTP request gives a HookcastError, or a recording', async () => {
  const chunked =
    'POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n3;x\r\nabc\r\n0\r\nT: 1\r\n\r\n';
  const sample = Buffer.from(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nabcd${chunked}`);
  await onlyOurErrors(`${folder.path}/garbled.http`, sample);
});

const EVENT = '{"data":{"type":"event","id":"evt_1","attributes":{"name":"inquiry.approved"}}}';

describe('a raw HTTP request', () => {
  test.each(ODD_BODIES)('its body keeps its bytes: %s', async (_, body) => {
    const head = `POST /hook?a=%2f HTTP/1.1\r\nHost: me.test\r\nX-A: 1\r\nx-a: \u00e9\r\nContent-Length: ${body.length}\r\n\r\n`;
    const path = await folder.write('raw.http', Buffer.concat([Buffer.from(head, 'latin1'), body]));
    const { recordings } = await readAll([path]);
    expect(recordings).toHaveLength(1);
    expect(recordings[0]!.body).toEqual(body);
    expect(recordings[0]).toMatchObject({ method: 'POST', url: 'http://me.test/hook?a=%2f' });
    expect(recordings[0]!.headers.slice(1, 3)).toEqual([
      ['X-A', '1'],
      ['x-a', '\u00e9'],
    ]);
  });

  test('without Content-Length the body is the rest; line feeds alone will do; t is the time', async () => {
    const headers = `Persona-Signature: t=1764686826,v1=00\nPersona-Webhook-Attempts-Made: 3`;
    const path = await folder.write('lf.http', `POST /hook HTTP/1.1\n${headers}\n\n${EVENT}\n`);
    const { recordings } = await readAll([path]);
    expect(recordings[0]).toMatchObject({
      url: 'http://localhost/hook',
      atMs: 1_764_686_826_000,
      attempt: 3,
      eventId: 'evt_1',
      eventName: 'inquiry.approved',
    });
    expect(recordings[0]!.body.toString()).toBe(`${EVENT}\n`);
  });

  test('without Content-Length a body that is not JSON may be cut, which is reported', async () => {
    const path = await folder.write('cut.http', 'POST / HTTP/1.1\n\n{"a":');
    const { recordings, warnings } = await readAll([path]);
    expect(recordings).toHaveLength(1);
    expect(warnings.map(withoutFolder)).toEqual([
      'cut.http: line 1: no Content-Length, and the body is not JSON: is it whole?',
    ]);
  });

  test('several, one after the other, one of them chunked', async () => {
    const first =
      'POST /1 HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n3;x=y\r\nabc\r\n0\r\n\r\n';
    const path = await folder.write('two.http', `${first}POST /2 HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}\n`);
    const { recordings } = await readAll([path]);
    expect(recordings.map(({ url, body }) => [url, body.toString()])).toEqual([
      ['http://localhost/1', 'helloabc'],
      ['http://localhost/2', '{}'],
    ]);
  });
});

describe('a body', () => {
  test('has its headers beside it', async () => {
    await folder.write('one.headers', 'POST / HTTP/1.1\r\nX-A: 1\r\nPersona-Signature: t=1,v1=0\r\n\r\n');
    const path = await folder.write('one.json', ODD_BODIES[3]![1]);
    const { recordings } = await readAll([path]);
    expect(recordings[0]!.body).toEqual(ODD_BODIES[3]![1]);
    expect(recordings[0]!.headers[0]).toEqual(['X-A', '1']);
    expect(recordings[0]!.atMs).toBe(1000);
  });

  test('or given by hand; an event needs none', async () => {
    const any = await folder.write('any.bin', 'hello');
    expect((await readAll([any], { headers: [['X-B', '2']] })).recordings[0]).toMatchObject({
      headers: [['X-B', '2']],
    });
    const event = await folder.write('event.txt', EVENT);
    expect((await readAll([event])).recordings[0]).toMatchObject({ eventName: 'inquiry.approved' });
  });
});

test('a folder is read in natural order, its headers beside its bodies', async () => {
  await using own = await temporaryFolder();
  await own.write('10.json', EVENT.replace('evt_1', 'evt_10'));
  await own.write('2.json', EVENT.replace('evt_1', 'evt_2'));
  await own.write('2.headers', 'X-A: 2\n');
  await own.write('.hidden', 'x');
  const { recordings } = await readAll([own.path]);
  expect(recordings.map(({ eventId, headers }) => [eventId, headers[0]![0]])).toEqual([
    ['evt_2', 'X-A'],
    ['evt_10', 'Content-Type'],
  ]);
});

describe('HAR of other programs', () => {
  const entry = (request: object, rest: object = {}) => ({
    startedDateTime: '2026-01-31T12:00:00.250+01:00',
    request: { method: 'POST', url: 'https://me.test/hook', headers: [], bodySize: -1, ...request },
    ...rest,
  });
  const read = async (...entries: unknown[]) =>
    readAll([await folder.write('other.har', JSON.stringify({ log: { version: '1.2', entries } }))]);

  test('text is UTF-8, base64 is base64, pseudo-headers and GETs are left out', async () => {
    const { recordings, warnings } = await read(
      entry({ method: 'GET' }),
      entry({ postData: { text: 'é' }, bodySize: 2, headers: [{ name: ':path', value: '/hook' }] }),
      entry({ postData: { text: '/w==', encoding: 'base64' } }, { response: { status: 0 } }),
    );
    expect(recordings.map(({ body }) => body)).toEqual([Buffer.from('é'), Buffer.from([0xff])]);
    expect(recordings[0]).toMatchObject({ headers: [], atMs: Date.parse('2026-01-31T11:00:00.250Z') });
    expect(recordings[1]!.answer).toBeUndefined();
    expect(warnings.map(withoutFolder)).toEqual([
      'other.har: 1 of 3 requests left out: only POSTs are replayed',
    ]);
  });

  test('missing and changed bodies are reported', async () => {
    const { recordings, warnings } = await read(
      entry({ bodySize: 12 }),
      entry({ postData: { text: '{"a":"\ufffd"}' }, bodySize: 9 }),
    );
    expect(recordings.map(({ altered }) => altered)).toEqual(['re-encoded']);
    expect(warnings.map(withoutFolder)).toEqual([
      'other.har: log.entries[0]: the body is missing and the entry is left out; was the archive saved without content?',
      'other.har: log.entries[1]: the body has 11 bytes, and 9 were sent: the program that saved the archive changed it, and its signature does not fit',
    ]);
  });
});

function withoutFolder(text: string): string {
  return text.replaceAll(`${folder.path}/`, '');
}

test('a last line that is cut off is left out, and reported', async () => {
  const line = recordingLine({ method: 'POST', url: 'http://a/', headers: [], body: Buffer.from('x') });
  const path = await folder.write('cut.ndjson', `${line}\n${line.slice(0, 40)}`);
  const { recordings, warnings } = await readAll([path]);
  expect(recordings).toHaveLength(1);
  expect(warnings.map(withoutFolder)).toEqual(['cut.ndjson: line 2 is cut off in the middle and left out']);
});

const LINE = '{"type":"recording","request":{"method":"POST","url":"http://a/","headers":[],"body":""}}';

test.each([
  [
    'empty',
    '',
    'x: at the beginning: expected NDJSON of hookcast, HAR, an HTTP request, or the body of an event, found an empty file',
  ],
  ['an unknown form', 'hello', 'found other text'],
  ['a database', 'SQLite format 3\0rest', 'found an SQLite database (export it to NDJSON first)'],
  [
    'a line that is not JSON',
    `${LINE}\nhello\n`,
    'x: at line 2: expected a JSON object, found text that is not JSON',
  ],
  ['a line of another type', `${LINE}\n{"type":"attempt"}\n`, 'x: at line 2, type: expected a recording'],
  [
    'a URL that is none',
    LINE.replace('http://a/', '/a'),
    'x: at line 1: expected a complete URL of the request, found "/a"',
  ],
  [
    'base64 that is none',
    LINE.replace('"body":""', '"body":"%","bodyEncoding":"base64"'),
    'x: at line 1, body: expected base64',
  ],
  [
    'a header that HTTP forbids',
    LINE.replace('[]', '[["a b","c"]]'),
    'x: at line 1: expected a header that HTTP allows, found "a b: c" (is the file damaged?)',
  ],
  ['an archive that is cut', '{"log":{"entries":[', 'expected a HAR archive'],
  [
    'an entry that is none',
    '{"log":{"entries":[{"request":{}}]}}',
    'x: at log.entries[0].request.method: expected an entry of HAR 1.2',
  ],
  [
    'a request without a body',
    'POST / HTTP/1.1\r\nHost: a',
    'x: at line 2: expected an empty line after the headers, and the body, found the end of the file',
  ],
  [
    'a header without a colon',
    'POST / HTTP/1.1\nHost\n\n',
    'x: at line 2: expected a header, Name: value, found "Host"',
  ],
  [
    'a folded header',
    'POST / HTTP/1.1\nA: 1\n  2\n\n',
    'found "  2" (a header continued on the next line: write it on one)',
  ],
  [
    'a body that is cut',
    'POST / HTTP/1.1\nContent-Length: 5\n\nabc',
    'x: at the request of line 1: expected a body of 5 bytes (Content-Length), found 3 bytes',
  ],
  [
    'a body that is too long',
    'POST / HTTP/1.1\nContent-Length: 1\n\nabc',
    'x: at line 4: expected a request line such as POST /webhooks HTTP/1.1, or the end of the file, found "bc" (is Content-Length of the request before it too small?)',
  ],
  [
    'chunks that are none',
    'POST / HTTP/1.1\nTransfer-Encoding: chunked\n\nhello',
    'expected a body in chunks',
  ],
])('%s: the message names file, place, fault and next step', async (_, content, message) => {
  const path = await folder.write('x', content);
  const error = await readAll([path]).then(
    () => new Error('no error'),
    (reason: unknown) => reason as Error,
  );
  expect(error).toBeInstanceOf(HookcastError);
  expect(withoutFolder(error.message)).toContain(message);
});

test('a path that is not there', async () => {
  await expect(readAll([`${folder.path}/none`])).rejects.toThrow('there is no such file or folder');
});
