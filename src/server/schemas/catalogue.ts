import * as z from 'zod';

export const eventNamesSchema = z
  .object({
    events: z.array(
      z.object({
        name: z.string(),
        family: z.string(),
        hasFixture: z.boolean(),
        type: z.string().optional(),
        trigger: z.string().optional(),
      }),
    ),
  })
  .meta({ id: 'EventNames' });

export const scheduleSchema = z
  .object({
    policy: z.string(),
    source: z.string(),
    timeoutMs: z.number(),
    acceptedStatuses: z.array(z.int()),
    attempts: z.array(z.object({ attempt: z.int(), delaySeconds: z.number(), offsetSeconds: z.number() })),
  })
  .meta({ id: 'Schedule' });

export const scenariosSchema = z
  .object({
    scenarios: z.array(z.object({ name: z.string(), description: z.string(), events: z.array(z.string()) })),
  })
  .meta({ id: 'Scenarios' });
