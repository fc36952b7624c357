import { checkedUrl } from '../ndjson.ts';
import { fault, type Place, type Recording, type ReadContext } from '../recording.ts';
import { readHeaderLines } from './headers.ts';

const REQUEST = /^(?:([A-Z]+)[ \t]+)?(https?:\/\/\S+)(?:[ \t]+HTTP\/\d(?:\.\d)?)?[ \t]*$/;
/** Comments, settings, variables. */
const SKIPPED = /^(?:#|\/\/|@\w)/;
const SEPARATOR = /^###/;

/** Does a file that begins so hold requests as VS Code's REST Client and JetBrains' HTTP Client write them? */
export function isEditorFile(head: Buffer): boolean {
  const lines = head.toString('latin1').split(/\r?\n/);
  const first = lines.find((line) => line.trim() !== '' && (SEPARATOR.test(line) || !SKIPPED.test(line)));
  return first !== undefined && (SEPARATOR.test(first) || REQUEST.test(first));
}

/** Requests with `###` between them, a full URL and, as they stand in no file of theirs, no `Content-Length`. */
export async function* readEditorFile(path: string, { files }: ReadContext): AsyncGenerator<Recording> {
  const lines = (await files.read(path)).toString('latin1').split('\n');
  let start = 0;
  for (let at = 0; at <= lines.length; at += 1) {
    if (at < lines.length && !SEPARATOR.test(lines[at] ?? '')) continue;
    const recording = requestOf(lines.slice(start, at), { path, firstLine: start + 1 });
    if (recording !== undefined) yield recording;
    start = at + 1;
  }
}

function requestOf(
  lines: readonly string[],
  { path, firstLine }: { path: string; firstLine: number },
): Recording | undefined {
  const bare = lines.map((line) => line.replace(/\r$/, ''));
  const begin = bare.findIndex((line) => line.trim() !== '' && !SKIPPED.test(line));
  if (begin < 0) return undefined;
  const place = { path, where: `line ${firstLine + begin}` };
  const { method, url } = requestLine(bare[begin] ?? '', place);
  const blank = bare.indexOf('', begin);
  const end = blank < 0 ? bare.length : blank;
  const head = bare.slice(begin + 1, end).filter((line) => !SKIPPED.test(line));
  const headers = readHeaderLines(head, { path, firstLine: firstLine + begin + 1 });
  // The line feeds before the next separator belong to the file.
  const body = lines
    .slice(end + 1)
    .join('\n')
    .replace(/[\r\n]+$/, '');
  if (/^< ?\S/.test(body))
    throw fault(place, {
      expected: 'the body itself',
      found: 'the name of a file with it',
      hint: 'put its content in place of the line that begins with <',
    });
  return { method, url: checkedUrl(url, place), headers, body: Buffer.from(body, 'latin1') };
}

function requestLine(line: string, place: Place) {
  const [, method = 'GET', url = ''] = REQUEST.exec(line) ?? [];
  if (url !== '' && !url.includes('{{')) return { method, url };
  throw fault(place, {
    expected: 'a method and a full URL',
    found: JSON.stringify(line.slice(0, 60)),
    hint: url === '' ? undefined : 'variables are not filled in here: write the URL itself',
  });
}
