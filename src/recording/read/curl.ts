import { checkedUrl } from '../ndjson.ts';
import { fault, type Recording } from '../recording.ts';
import { readHeaderLines } from './headers.ts';

const CURL = /^\s*(?:\$\s+)?curl\s/;

export function isCurlCommand(text: string): boolean {
  return CURL.test(text);
}

/** Options without a value that people copy along. */
const BARE =
  /^(?:-[a-zA-Z]*[ksvSLigG]|--(?:compressed|insecure|silent|verbose|location|include|globoff|http1\.1|http2))$/;

/**
 * The request of a `curl` command with its body in it, as browsers copy it.
 * @throws {ContentError} for a body in another file, and for options that are not known
 */
export function readCurlCommand(path: string, text: string): Recording {
  const words = shellWords(text.replace(/^\s*(?:\$\s+)?curl/, ''));
  if (words === undefined) throw refused(path, 'a quotation mark without its end');
  const { url, method, headers, data } = parsed(path, words);
  if (url === undefined) throw refused(path, 'none with a URL');
  const body = Buffer.from(data.join('&'), 'utf8');
  const where = 'the command';
  return {
    method: method ?? (data.length > 0 ? 'POST' : 'GET'),
    url: checkedUrl(/^https?:/.test(url) ? url : `http://${url}`, { path, where }),
    headers: readHeaderLines(headers, { path, firstLine: 1 }),
    body,
  };
}

interface Command {
  url?: string;
  method?: string;
  readonly headers: string[];
  readonly data: string[];
}

function parsed(path: string, words: readonly string[]): Command {
  const command: Command = { headers: [], data: [] };
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (!word.startsWith('-')) command.url = word;
    else if (!BARE.test(word)) {
      const [, name = word, inline] = /^(--[\w-]+)=(.*)$/s.exec(word) ?? [];
      take(command, { path, name, value: inline ?? words[at + 1] ?? '' });
      if (inline === undefined) at += 1;
    }
  }
  return command;
}

const METHOD = ['-X', '--request'];
const HEADER = ['-H', '--header'];
const DATA = ['-d', '--data', '--data-ascii', '--data-binary', '--data-raw', '--json'];

function take(command: Command, { path, name, value }: { path: string; name: string; value: string }): void {
  if (name === '--url') command.url = value;
  else if (METHOD.includes(name)) command.method = value;
  else if (HEADER.includes(name)) command.headers.push(value);
  else if (!DATA.includes(name)) throw refused(path, `one with the option ${name}`);
  else if (name !== '--data-raw' && value.startsWith('@'))
    throw refused(path, `one with its body in ${value.slice(1)}`);
  else command.data.push(value);
}

function refused(path: string, found: string) {
  const place = { path, where: 'the command' };
  return fault(place, {
    expected: 'a curl command with the body in it (--data-raw)',
    found,
    hint: 'or save the body itself as event.json, and its headers beside it as event.headers',
  });
}

/** What a word is put together from; the last alternative but one parts words. */
const PART = /\\\r?\n|\\.|\$'(?:[^'\\]|\\.)*'|'[^']*'|"(?:[^"\\]|\\.)*"|\s+|[^\s'"\\]+/gsu;

/** As a POSIX shell splits them, with `$'…'` of bash; undefined for a quotation that does not end. */
function shellWords(text: string): string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let end = 0;
  for (const { 0: part, index } of `${text.trim()} `.matchAll(PART)) {
    if (index !== end) return undefined;
    end += part.length;
    if (/^\\\r?\n$/.test(part)) continue;
    if (part.trim() !== '') word = (word ?? '') + unquoted(part);
    else if (word !== undefined) {
      words.push(word);
      word = undefined;
    }
  }
  return word === undefined ? words : undefined;
}

function unquoted(part: string): string {
  if (part.startsWith("$'")) return ansiText(part.slice(2, -1));
  if (part.startsWith("'")) return part.slice(1, -1);
  if (part.startsWith('"'))
    return part
      .slice(1, -1)
      .replace(/\\\r?\n/g, '')
      .replace(/\\(["\\$`])/g, '$1');
  return part.startsWith('\\') ? part.slice(1) : part;
}

const CONTROLS: Readonly<Record<string, string>> = {
  ...{ n: '\n', r: '\r', t: '\t', a: '\x07', b: '\b', f: '\f', v: '\v', e: '\x1b' },
};

function ansiText(text: string): string {
  return text.replace(/\\(?:u[\da-fA-F]{1,4}|x[\da-fA-F]{1,2}|.)/gs, (escape) => {
    if (escape.length > 2) return String.fromCharCode(Number.parseInt(escape.slice(2), 16));
    return CONTROLS[escape.slice(1)] ?? escape.slice(1);
  });
}
