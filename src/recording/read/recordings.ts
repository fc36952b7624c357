import { join } from 'node:path';
import { ContentError } from '../../errors.ts';
import { parseJson, JsonSyntaxError } from '../../json/text.ts';
import { textOfFile } from '../../text/utf8.ts';
import { markedJsonValue } from '../body-text.ts';
import { identify } from '../identify.ts';
import { isRecording, isRecordingLine, readNdjson, recordingOfDocument } from '../ndjson.ts';
import { readBody, holdsEventLines, readEventLines } from './body.ts';
import { isCurlCommand, readCurlCommand } from './curl.ts';
import { isEditorFile, readEditorFile } from './editor.ts';
import { harEntries, readHar } from './har.ts';
import { isMessageStart, readMessages } from './message.ts';
import { recordingsOf } from './store.ts';
import { fault, ForeignFileError, type Recording, type ReadContext } from '../recording.ts';

/** Recordings of files and folders of any form, in the order given; a form is known by its content. */
export async function* readRecordings(
  paths: readonly string[],
  context: ReadContext,
): AsyncGenerator<Recording> {
  for (const path of paths) {
    if (isQueueAddress(path)) {
      for await (const recording of readStore(path, context)) yield identify(recording);
      continue;
    }
    const files = await filesOf(path, context);
    const isFolder = files.length !== 1 || files[0] !== path;
    for (const file of files) {
      const recordings = isFolder ? readForeign(file, context) : readFile(file, context);
      for await (const recording of onlyPosts(file, recordings, context)) yield identify(recording);
    }
  }
}

/** In a folder of recordings, a file that holds something else is left out and reported. */
async function* readForeign(path: string, context: ReadContext): AsyncGenerator<Recording> {
  try {
    yield* readFile(path, context);
  } catch (error) {
    if (!(error instanceof ForeignFileError)) throw error;
    context.warn(`${error.message}; left out`);
  }
}

/** Persona sends POSTs: what else stands in a dump is left out and reported. */
async function* onlyPosts(
  path: string,
  recordings: AsyncIterable<Recording>,
  { warn }: ReadContext,
): AsyncGenerator<Recording> {
  let others = 0;
  let all = 0;
  for await (const recording of recordings) {
    all += 1;
    if (recording.method.toUpperCase() === 'POST') yield recording;
    else others += 1;
  }
  if (others > 0) warn(`${path}: ${others} of ${all} requests left out: only POSTs are replayed`);
}

/** The only source that is not a path; it may hold a password, and stands in no message. */
function isQueueAddress(source: string): boolean {
  return /^rediss?:\/\//i.test(source);
}

/** Names as people count: `2.json` before `10.json`. */
const NATURAL = new Intl.Collator('en', { numeric: true });

async function filesOf(path: string, { files }: ReadContext): Promise<readonly string[]> {
  if (!(await files.isFolder(path))) return [path];
  const names = (await files.list(path)).filter((name) => !/^\.|\.headers$/.test(name));
  if (names.length > 0)
    return names.toSorted((a, b) => NATURAL.compare(a, b)).map((name) => join(path, name));
  throw fault({ path, where: 'the folder' }, { expected: 'files with recordings', found: 'none' });
}

const SQLITE_MAGIC = Buffer.from('SQLite format 3\0', 'latin1');
const HEAD_BYTES = 8_192;

async function* readFile(path: string, context: ReadContext): AsyncGenerator<Recording> {
  const head = await context.files.head(path, HEAD_BYTES);
  if (head.subarray(0, SQLITE_MAGIC.length).equals(SQLITE_MAGIC)) yield* readStore(path, context);
  else if (isMessageStart(head)) yield* readMessages(path, context);
  else if (isEditorFile(head)) yield* readEditorFile(path, context);
  else if (await holdsRecordingLines(path, head, context)) yield* readNdjson(path, context);
  else if (await holdsEventLines(path, context)) yield* readEventLines(path, context);
  else yield* readWhole(path, context);
}

async function* readStore(path: string, { openStore }: ReadContext): AsyncGenerator<Recording> {
  if (openStore === undefined)
    throw new ContentError(isQueueAddress(path) ? 'the queue' : path, {
      where: 'the beginning',
      expected: 'a recording',
      found: isQueueAddress(path) ? 'an address of Redis' : 'an SQLite database',
      hint: 'export it to NDJSON first',
    });
  const store = await openStore(path);
  try {
    yield* recordingsOf(store);
  } finally {
    await store.close();
  }
}

async function holdsRecordingLines(path: string, head: Buffer, { files }: ReadContext): Promise<boolean> {
  if (!/^\ufeff?\s*\{/.test(head.toString('utf8'))) return false;
  for await (const { bytes } of files.lines(path)) {
    const text = bytes.toString('utf8').trim();
    if (text !== '') return isRecordingLine(text) || /^\ufeff?\{"type":"recording",/.test(text);
  }
  return false;
}

async function* readWhole(path: string, context: ReadContext): AsyncGenerator<Recording> {
  const bytes = await context.files.read(path);
  const text = bytes.toString('utf8').replace(/^\ufeff/, '');
  const value = markedJsonValue(text);
  const entries = harEntries(value);
  // A body in it would not be the one that was sent, were a byte replaced.
  if (isRecording(value) || isCurlCommand(text) || entries !== undefined) textOfFile(bytes, path);
  if (isRecording(value)) yield recordingOfDocument(value, path);
  else if (isCurlCommand(text)) yield readCurlCommand(path, text);
  else if (entries !== undefined) yield* readHar(entries, path, context);
  else if (/^\s*\{\s*"log"\s*:/.test(text)) throw damagedHar(path, text);
  else yield await readBody(path, bytes, context);
}

function damagedHar(path: string, text: string) {
  return new ContentError(path, {
    where: syntaxFault(text) ?? 'log.entries',
    expected: 'a HAR archive',
    found: 'something else',
    hint: 'was the archive cut off while it was saved?',
  });
}

function syntaxFault(text: string): string | undefined {
  try {
    parseJson(text);
    return undefined;
  } catch (error) {
    return error instanceof JsonSyntaxError ? `line ${error.line}, column ${error.column}` : 'the document';
  }
}
