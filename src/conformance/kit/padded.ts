import { scalar } from '../../json/node.ts';
import type { CheckContext, Specimen } from '../context.ts';

/** A genuine event whose body has at least so many bytes: its note is long. */
export async function padded(context: CheckContext, bytes: number): Promise<Specimen> {
  const { length } = (await context.specimen()).body;
  const note = 'All documents were looked at. '.repeat(Math.max(0, Math.ceil((bytes - length) / 30)));
  const set = { kind: 'set', path: 'note', value: scalar(note) } as const;
  const specimen = await context.specimen('inquiry.approved', { overrides: [set] });
  if (specimen.body.length < bytes) throw new Error('the note does not reach the body: is it blocklisted?');
  return specimen;
}
