import { CONTENT_TYPE } from '../../persona/contract.ts';
import { eventOf } from '../identify.ts';
import type { Recording } from '../recording.ts';
import type { ReadContext } from '../source.ts';

export const NOWHERE = 'http://localhost/';

/** A file of bodies, one event a line, as a log pipeline gives them: are its first two lines events? */
export async function holdsEventLines(path: string, { files }: ReadContext): Promise<boolean> {
  let events = 0;
  for await (const { bytes } of files.lines(path)) {
    if (bytes.length === 0) continue;
    if (eventOf(bytes).name === undefined) return false;
    events += 1;
    if (events === 2) return true;
  }
  return false;
}

/** Line by line; what is not an event is left out and reported. */
export async function* readEventLines(path: string, { files, warn }: ReadContext): AsyncGenerator<Recording> {
  let number = 0;
  for await (const { bytes } of files.lines(path)) {
    number += 1;
    const body = bytes.at(-1) === 0x0d ? bytes.subarray(0, -1) : bytes;
    if (body.length === 0) continue;
    if (eventOf(body).name === undefined) warn(`${path}: line ${number} is not an event and is left out`);
    else yield { method: 'POST', url: NOWHERE, headers: [['Content-Type', CONTENT_TYPE]], body };
  }
}
