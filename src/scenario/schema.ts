import * as z from 'zod';
import { parseDurationMs } from '../delivery/time-scale.ts';

/** `30s`, `2m`, `1.5h` in milliseconds. */
const duration = z.string().transform((text, context) => {
  const durationMs = parseDurationMs(text);
  if (durationMs !== undefined) return durationMs;
  context.issues.push({ code: 'custom', message: 'a duration such as 250ms, 30s, 2m or 1.5h', input: text });
  return z.NEVER;
});

const stepSchema = z.strictObject({
  /** The event's name, such as `inquiry.approved`. */
  event: z.string().min(1),
  /** How long after the step before it. @default the distance of the two in the fixtures' own story */
  after: duration.optional(),
  /** A file of your own, relative to the scenario's; the same forms as `--fixture`. */
  fixture: z.string().min(1).optional(),
  /** Changes by path, as with `--set`; ids and times are those of the story and become fresh with it. */
  set: z.record(z.string(), z.unknown()).optional(),
});

/** A scenario file: steps in the order in which they happen. */
export const scenarioSchema = z.strictObject({
  $schema: z.string().optional(),
  description: z.string().min(1),
  steps: z.array(stepSchema).min(1),
});

export type StepFile = z.output<typeof stepSchema>;
