import { checkedUrl } from '../ndjson.ts';
import type { Recording } from '../recording.ts';
import { fault } from '../source.ts';
import { readHeaderLines } from './headers.ts';
import { shellWords } from './shell-words.ts';

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
  return fault(path, 'the command', {
    expected: 'a curl command with the body in it (--data-raw)',
    found,
    hint: 'or save the body itself as event.json, and its headers beside it as event.headers',
  });
}
