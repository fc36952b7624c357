import * as z from 'zod';
import type { DeliveryPolicy } from './policies.ts';

/** A policy of the user's own, in a JSON file with the same words in kebab-case. */
export const policySchema = z.strictObject({
  $schema: z.string().optional(),
  name: z.string().min(1).describe('What output and reports call the policy.'),
  'timeout-ms': z
    .int()
    .min(1)
    .max(600_000)
    .describe('How long an attempt waits for the answer, in milliseconds. Persona: 5000.'),
  'accepted-statuses': z
    .array(z.int().min(200).max(599))
    .min(1)
    .describe('HTTP statuses that complete a delivery; every other one is retried.'),
  'delays-seconds': z
    .array(z.number().min(0).max(31_536_000))
    .max(100)
    .describe('Seconds before each retry. As many retries are made as there are delays.'),
  source: z.string().optional().describe('Where the numbers come from; printed by hookcast schedule.'),
});

export function policyFrom(file: z.infer<typeof policySchema>): DeliveryPolicy {
  return {
    name: file.name,
    timeoutMs: file['timeout-ms'],
    acceptedStatuses: file['accepted-statuses'],
    delaysSeconds: file['delays-seconds'],
    source: file.source ?? 'your own policy file',
  };
}
