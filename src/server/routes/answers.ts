import type * as z from 'zod';
import type { Answer } from '../api/route.ts';

/** An answer in JSON. */
export function json(schema: z.ZodType, description: string): Answer {
  return { schema, description };
}

export const NO_CONTENT: Answer = { description: 'Done.' };

/** Exact bytes, to be saved. */
export const BYTES: Answer = {
  description: 'The exact bytes; their digest is in the header Hookcast-Sha256.',
  mediaType: 'application/octet-stream',
};
