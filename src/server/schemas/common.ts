import * as z from 'zod';
import { parseDurationMs } from '../../delivery/time-scale.ts';

/** The longest wait of one request. */
export const WAIT_MS_MAX = 60_000;

const DURATION = /^\d+(?:\.\d+)?(?:ms|s|m|h|d)$/;

/** `250ms`, `30s`, `1.5h`, `3d`. */
export const durationSchema = z
  .string()
  .regex(DURATION, { error: 'a duration such as 250ms, 30s, 1.5h or 3d' })
  .meta({ description: 'A duration: a number and ms, s, m, h or d.', example: '30s' });

export const timeSchema = z.iso.datetime({ offset: true });

/** `settled`, or `attempt:2`: the second attempt is over. */
const waitSchema = z
  .string()
  .regex(/^(?:settled|attempt:[1-9]\d{0,2})$/, { error: "'settled', or 'attempt:' and a number" })
  .meta({
    description: "Answer when this is true: 'settled', or 'attempt:2' when the second attempt is over.",
  });

const timeoutSchema = durationSchema
  .refine((text) => (parseDurationMs(text) ?? 0) <= WAIT_MS_MAX, { error: 'at most 60s' })
  .meta({ description: 'How long to wait at most; up to 60s. Default: 30s.' });

/** Parameters of every route that can wait. */
export const waitParameters = { wait: waitSchema.optional(), timeout: timeoutSchema.optional() };

/** Of routes about a run, which can be waited for as a whole. */
export const settledParameters = { ...waitParameters, wait: z.literal('settled').optional() };

/** The number of rows in a list. */
export const limitSchema = z
  .string()
  .regex(/^(?:[1-9]\d?|1\d\d|200)$/, { error: 'a whole number from 1 to 200' })
  .meta({ description: 'How many at most, up to 200. Default: 50.' });

export const LIMIT_DEFAULT = 50;

export const problemSchema = z
  .object({
    type: z.literal('about:blank'),
    title: z.string(),
    status: z.int(),
    code: z.string().meta({ description: 'Stable, for programs.' }),
    detail: z.string().meta({ description: 'What is wrong, and the next step.' }),
    near: z.array(z.string()).optional().meta({ description: 'The names that were probably meant.' }),
    where: z.string().optional().meta({ description: 'Where the fault is.' }),
    state: z.string().optional().meta({ description: 'The state that does not allow the change.' }),
  })
  .meta({ id: 'Problem', description: 'RFC 9457.' });
