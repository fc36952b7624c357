import * as z from 'zod';

/** Ids of checks that are known to fail. */
export const baselineSchema = z
  .array(z.string().regex(/^[A-Z]+-\d+$/, { error: 'an id such as SIG-04' }))
  .describe('Checks that are known to fail: hookcast conform lists them, and fails only for others.');
