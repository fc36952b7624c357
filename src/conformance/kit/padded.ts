import { scalar } from '../../json/node.ts';
import type { CheckContext, Sample } from '../check.ts';
import { addMembers, FIELDS, rewritten } from './rewrite.ts';

/** A genuine event whose body has at least so many bytes: its note is long. */
export async function padded(context: CheckContext, bytes: number): Promise<Sample> {
  const plain = await context.sample();
  const { length } = plain.body;
  const note = 'All documents were looked at. '.repeat(Math.max(0, Math.ceil((bytes - length) / 30) + 1));
  const sample = plain.event.name.startsWith('inquiry.')
    ? await context.sample(undefined, { overrides: [{ kind: 'set', path: 'note', value: scalar(note) }] })
    : rewritten(plain, (document) => addMembers(document, FIELDS, [{ key: 'note', value: scalar(note) }]));
  if (sample.body.length < bytes) throw new Error('the note does not reach the body: is it blocklisted?');
  return sample;
}
