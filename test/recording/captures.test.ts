import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chmod, readFile, stat, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { recordingLine } from '../../src/recording/ndjson.ts';
import { openRecording } from '../../src/recording/write/recording-writer.ts';
import { readAll } from '../helpers/recordings.ts';
import { runCli } from '../helpers/run-cli.ts';
import { temporaryFolder, type TemporaryFolder } from '../helpers/temporary-folder.ts';

const event = (id: string) =>
  `{"data":{"type":"event","id":"${id}","attributes":{"name":"inquiry.approved","payload":{"data":{"attributes":{"name-first":"Ada","score":100.0,"note":"caf\u00e9 it's"}}}}}}`;
const [ONE, TWO] = [event('evt_1'), event('evt_2')];
const POST = (body: string) =>
  `POST /hook HTTP/1.1\r\nHost: a.test\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

let folder: TemporaryFolder;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder[Symbol.asyncDispose]());

async function read(name: string, content: string | Buffer) {
  const path = await folder.write(name, content);
  const { recordings, warnings } = await readAll([path]);
  return {
    bodies: recordings.map(({ body }) => body.toString()),
    recordings,
    warnings: warnings.map((warning) => warning.replaceAll(`${folder.path}/`, '')),
  };
}

async function errorOf(content: string | Buffer): Promise<string> {
  const path = await folder.write('x', content);
  const error = await readAll([path]).then(
    () => new Error('no error'),
    (reason: unknown) => reason as Error,
  );
  return error.message.replaceAll(`${folder.path}/`, '');
}

describe('captures that are read', () => {
  test('one event a line; a line that is not one is left out', async () => {
    const { bodies, warnings } = await read('events', `${ONE}\r\n\n${TWO}\n{"ping":1}\n`);
    expect(bodies).toEqual([ONE, TWO]);
    expect(warnings).toEqual(['events: line 4 is not an event and is left out']);
  });

  test('a single event keeps its last line feed: it was signed with it', async () => {
    expect((await read('event', `${ONE}\n`)).bodies).toEqual([`${ONE}\n`]);
  });

  test.each<[string, string]>([
    [
      'single quotes',
      `curl 'https://a.test/hook' -H 'X-A: 1' --data-raw '${ONE.replaceAll("'", String.raw`'\''`)}'`,
    ],
    [
      'quotes of bash',
      `$ curl -X POST "https://a.test/hook" \\\n  -H "X-A: 1" --compressed \\\n  --data-binary $'${ONE.replaceAll("'", String.raw`\'`).replace('\u00e9', String.raw`\u00e9`)}'`,
    ],
    [
      'double quotes',
      `curl --url=https://a.test/hook --header "X-A: 1" -d "${ONE.replaceAll('"', String.raw`\"`)}"`,
    ],
  ])('a curl command in %s', async (_, command) => {
    const { bodies, recordings } = await read('curl', command);
    expect(bodies).toEqual([ONE]);
    expect(recordings[0]).toMatchObject({
      method: 'POST',
      url: 'https://a.test/hook',
      headers: [['X-A', '1']],
    });
  });

  test('requests as editors write them', async () => {
    const file = `@host = x\n### first\n# a comment\nPOST http://a.test/hook\nX-A: 1\n\n${ONE}\n\n###\nPOST http://a.test/hook HTTP/1.1\n\n${TWO}\n### no request\n`;
    const { bodies, recordings } = await read('editor.http', file);
    expect(bodies).toEqual([ONE, TWO]);
    expect(recordings[0]).toMatchObject({ url: 'http://a.test/hook', headers: [['X-A', '1']] });
  });

  test('a recording over several lines', async () => {
    const [body] = [Buffer.from(ONE)];
    const line = recordingLine({ method: 'POST', url: 'http://a.test/', headers: [], body });
    const pretty = JSON.stringify(JSON.parse(line), null, 2);
    expect((await read('pretty.json', pretty)).bodies).toEqual([ONE]);
  });

  test('a request after a byte order mark', async () => {
    expect((await read('bom.http', `\ufeff${POST(ONE)}`)).bodies).toEqual([ONE]);
  });
});

describe('only POSTs are replayed, in every form, and the rest is reported', () => {
  const left = (name: string) => [`${name}: 1 of 2 requests left out: only POSTs are replayed`];

  test('raw requests: one without a length has no body when another follows', async () => {
    const { bodies, warnings } = await read('a', `GET /healthz HTTP/1.1\nHost: a\n\n${POST(ONE)}`);
    expect([bodies, warnings]).toEqual([[ONE], left('a')]);
  });

  test('NDJSON', async () => {
    const lines = ['GET', 'POST'].map((method) =>
      recordingLine({ method, url: 'http://a.test/', headers: [], body: Buffer.from(ONE) }),
    );
    const { bodies, warnings } = await read('b', lines.join('\n'));
    expect([bodies, warnings]).toEqual([[ONE], left('b')]);
  });

  test('HAR, whatever is wrong with what is left out', async () => {
    const odd = { request: { method: 'GET', url: 7, headers: [{ name: 'x', value: null }] } };
    const good = { request: { method: 'POST', url: 'http://a.test/', headers: [], postData: { text: ONE } } };
    const { bodies, warnings } = await read('c', JSON.stringify({ log: { entries: [odd, good] } }));
    expect([bodies, warnings]).toEqual([[ONE], left('c')]);
  });

  test('requests of an editor', async () => {
    const { bodies, warnings } = await read('d', `GET http://a.test/\n###\nPOST http://a.test/\n\n${ONE}\n`);
    expect([bodies, warnings]).toEqual([[ONE], left('d')]);
  });
});

describe('bodies that an archive has lost are not sent', () => {
  const har = (request: object) =>
    JSON.stringify({
      log: { entries: [{ request: { method: 'POST', url: 'http://a.test/', headers: [], ...request } }] },
    });
  const MISSING = 'the body is missing and the entry is left out; was the archive saved without content?';

  test.each<[string, object]>([
    ['parameters of an unknown size', { bodySize: -1, postData: { params: [{ name: 'a', value: '1' }] } }],
    ['parameters of a known size', { bodySize: 285, postData: { params: [] } }],
    ['a text in its place', { bodySize: 20_000_000, postData: { text: 'text was too long' } }],
  ])('%s', async (_, request) => {
    const { bodies, warnings } = await read('x.har', har(request));
    expect([bodies, warnings]).toEqual([[], [`x.har: log.entries[0]: ${MISSING}`]]);
  });

  test('a body with U+FFFD in it is sent with a warning', async () => {
    const text = ONE.replace('\u00e9', '\ufffd');
    const { bodies, warnings } = await read('y.har', har({ postData: { text } }));
    expect(bodies).toEqual([text]);
    expect(warnings).toEqual([
      'y.har: log.entries[0]: the body holds U+FFFD, which often stands for bytes that the archive lost',
    ]);
  });
});

describe('what cannot be read is explained', () => {
  const EXPECTED =
    'x: at the beginning: expected NDJSON of hookcast, HAR, an HTTP request, or the body of an event, found ';

  test.each<[string | Buffer, string]>([
    ['', 'an empty file'],
    [Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), 'a binary file'],
    [
      Buffer.from(`\ufeff${ONE}`, 'utf16le'),
      'text in UTF-16 (save it as UTF-8; in PowerShell: Out-File -Encoding utf8)',
    ],
    [
      '> POST /hook HTTP/1.1\n> Host: a\n>\n* done\n',
      'the output of curl -v, which does not hold the body (save the body itself as event.json, and the lines that begin with > as event.headers, without the >)',
    ],
    [
      `2026-01-31T12:00:01Z INFO got body=${ONE}`,
      'a line of a log with an event in it (save the event alone, from its first { to its last }; one event on each line will do)',
    ],
    ['hello', 'other text'],
    [
      '{"a":1}',
      "other JSON (if it is a body, put its headers into x.headers, or pass the header 'Content-Type: application/json')",
    ],
  ])('%j', async (content, found) => {
    expect(await errorOf(content)).toBe(EXPECTED + found);
  });

  test('a curl command with its body in a file', async () => {
    expect(await errorOf('curl https://a.test/ -d @event.json')).toBe(
      'x: at the command: expected a curl command with the body in it (--data-raw), found one with its body in ' +
        'event.json (or save the body itself as event.json, and its headers beside it as event.headers)',
    );
  });

  test('a folder is read although one of its files is something else', async () => {
    await using own = await temporaryFolder();
    await own.write('1.json', ONE);
    await own.write('2.png', Buffer.from('89504e47', 'hex'));
    await own.write('3.json', TWO);
    const { recordings, warnings } = await readAll([own.path]);
    expect(recordings.map(({ body }) => body.toString())).toEqual([ONE, TWO]);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain('2.png: at the beginning: expected ');
    expect(warnings[0]).toMatch(/; left out$/);
  });
});

describe('--scrub', () => {
  test('export replaces personal data, and leaves out what is not JSON', async () => {
    const path = await folder.write('prod.http', POST(ONE) + POST('a=1'));
    const { code, stdout, stderr } = await runCli(['export', path, '--scrub']);
    const lines = stdout.trim().split('\n');
    expect([code, lines.length, stdout.includes('Ada')]).toEqual([0, 1, false]);
    expect(JSON.parse(lines[0]!)).toMatchObject({ eventId: 'evt_1', altered: 'scrubbed' });
    expect(stderr).toContain('left out (no event name): the body is not JSON');
  });

  test('replay does not send it with the old signature', async () => {
    const path = await folder.write('prod.json', ONE);
    const { code, stderr } = await runCli([
      'replay',
      path,
      '--scrub',
      '--frozen',
      '--to',
      'http://127.0.0.1:9/',
    ]);
    expect([code, stderr]).toEqual([
      2,
      'error: --frozen and --scrub: the old signature does not fit a body without personal data\n',
    ]);
  });
});

describe('a recording on the disk', () => {
  test('is readable by its owner only, whatever the umask and an older file allowed', async () => {
    const path = `${folder.path}/open.ndjson`;
    await writeFile(path, '', { mode: 0o666 });
    await chmod(path, 0o666);
    const writer = await openRecording(path);
    await writer.close();
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  test('is not left behind empty when the port is taken', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const path = `${folder.path}/never.ndjson`;
    const argv = ['record', '--to', 'http://127.0.0.1:9/', '--port', String(port), '--output', path];
    expect((await runCli(argv)).code).toBe(3);
    await expect(readFile(path)).rejects.toThrow('ENOENT');
    await new Promise((resolve) => server.close(resolve));
  });
});
