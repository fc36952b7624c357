import { scalar } from '../../json/node.ts';
import type { CheckContext, Sample } from '../context.ts';

/** A genuine event whose body has at least so many bytes: its note is long. */
export async function padded(context: CheckContext, bytes: number): Promise<Sample> {
  const { length } = (await context.sample()).body;
  const note = 'All documents were looked at. '.repeat(Math.max(0, Math.ceil((bytes - length) / 30)));
  const set = { kind: 'set', path: 'note', value: scalar(note) } as const;
  const sample = await context.sample('inquiry.approved', { overrides: [set] });
  if (sample.body.length < bytes) throw new Error('the note does not reach the body: is it blocklisted?');
  return sample;
}
