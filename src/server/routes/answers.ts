import type * as z from 'zod';
import type { Answer } from '../api/route.ts';

/** An answer in JSON. */
export function json(schema: z.ZodType, description: string): Answer {
  return { schema, description };
}

/** An answer in JSON about something that is new. */
export function jsonOfNew(schema: z.ZodType, description: string): Answer {
  return { schema, description, headers: { Location: 'Where it can be read.' } };
}

export const NO_CONTENT: Answer = { description: 'Done.' };

/** Exact bytes, to be saved. */
export const BYTES: Answer = {
  description: 'The exact bytes.',
  headers: { 'Hookcast-Sha256': 'Their digest in hex.' },
  mediaType: 'application/octet-stream',
};
