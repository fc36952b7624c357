import * as z from 'zod';
import { DURATION, parseDurationMs } from '../delivery/time-scale.ts';
import { EVENT_NAMES } from '../persona/event-names.ts';

/** `30s`, `2m`, `1.5h` in milliseconds. */
const duration = z
  .string()
  .regex(DURATION, { error: 'a duration such as 250ms, 30s, 2m or 1.5h' })
  .transform((text) => parseDurationMs(text) ?? 0);

/** Editors offer the known names; events of your own are as good. */
const eventName = z
  .string()
  .min(1)
  .meta({ examples: [...EVENT_NAMES] });

const stepSchema = z.strictObject({
  event: eventName.describe("The event's name, such as inquiry.approved."),
  after: duration
    .optional()
    .describe(
      "How long after the step before it: 250ms, 30s, 2m, 1.5h or 3d. Default: the distance in the fixtures' own story.",
    ),
  fixture: z
    .string()
    .min(1)
    .optional()
    .describe("A file of your own, relative to the scenario's; the same forms as --fixture."),
  set: z
    .record(z.string(), z.unknown())
    .optional()
    .describe(
      'Changes by path, as with --set; ids and times are those of the story and become fresh with it.',
    ),
});

/** A scenario file: steps in the order in which they happen. */
export const scenarioSchema = z.strictObject({
  $schema: z.string().optional(),
  description: z.string().min(1).describe('What happens, in one line; shown in the list of scenarios.'),
  steps: z.array(stepSchema).min(1).describe('The events, in the order in which they happen.'),
});

export type StepFile = z.output<typeof stepSchema>;
