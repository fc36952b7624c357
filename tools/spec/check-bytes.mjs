import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseJson, serialise } from '../../dist/json/text.js';
import { applyBlocklist, parseBlocklist } from '../../dist/payload/blocklist/apply.js';

/** An entry that matches no key, so that the filter walks the whole body and removes nothing. */
const BLOCKLIST = parseBlocklist(['zzz-*']);

/**
 * Sends every official example (`<examples>/<version>/*.json`) and every recorded delivery (`<recorded>/*.json`) through
 * our parser, blocklist and serialiser: not a byte may differ but the white space of the examples.
 */
export function checkBytes(examples, recorded) {
  const checked = [
    ...jsonFiles(examples).map((path) => checkFile(path, compact)),
    ...jsonFiles(recorded).map((path) => checkFile(path, (text) => text)),
  ];
  const faults = checked.filter((fault) => fault !== undefined);
  return { passed: checked.length - faults.length, failed: faults.length, faults };
}

function jsonFiles(directory) {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => join(directory, name));
}

function checkFile(path, expectedOf) {
  const text = readFileSync(path, 'utf8');
  const { document } = applyBlocklist(parseJson(text), BLOCKLIST);
  const body = Buffer.from(serialise(document), 'utf8');
  return body.equals(Buffer.from(expectedOf(text), 'utf8')) ? undefined : `${path}: not the same bytes`;
}

/** Drops the white space between tokens. Independent of our own parser, which is under test here. */
function compact(text) {
  return text.replace(/("(?:\\.|[^"\\])*")|\s+/g, '$1');
}
