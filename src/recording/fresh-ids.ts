import { renewId } from '../persona/ids.ts';
import type { Random } from '../ports.ts';
import type { Recording } from './recording.ts';

/**
 * Gives each event an id that no receiver has seen, in as many characters: only they change in the body. The
 * recordings of one event still have one id. `missed` counts those whose body does not hold its id in plain text.
 */
export function withFreshIds(
  recordings: readonly Recording[],
  random: Random,
): { recordings: Recording[]; missed: number } {
  const names = new Map<string, string>();
  let missed = 0;
  const renamed = recordings.map((recording) => {
    const { eventId, body } = recording;
    if (eventId === undefined || !body.includes(eventId)) {
      missed += 1;
      return recording;
    }
    const name = names.get(eventId) ?? renewId(eventId, random);
    names.set(eventId, name);
    return { ...recording, eventId: name, body: replaceAll(body, eventId, name) };
  });
  return { recordings: renamed, missed };
}

/** Latin-1 maps bytes to characters one to one, so that all other bytes stay what they are. */
function replaceAll(body: Buffer, from: string, to: string): Buffer {
  const asBytes = (text: string) => Buffer.from(text, 'utf8').toString('latin1');
  return Buffer.from(body.toString('latin1').replaceAll(asBytes(from), asBytes(to)), 'latin1');
}
