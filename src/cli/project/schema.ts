import * as z from 'zod';
import type { Profile } from '../../conformance/select.ts';
import { DURATION } from '../../delivery/time-scale.ts';
import type { ProjectKey } from './keys.ts';

const text = z.string().min(1);
const texts = z.union([text, z.array(text).min(1)]);
const duration = z.string().regex(DURATION, { error: 'a duration such as 500ms, 30s, 5m or 2h' });
const url = z.string().regex(/^https?:\/\/[^\s/]/i, { error: 'a URL that starts with http:// or https://' });
const wholeNumber = z.int().min(0).max(4_294_967_295);
const profiles = ['core', 'strict', 'probe', 'soak', 'load'] as const satisfies readonly Profile[];
const timeScale = z.union([
  z.number().gt(0),
  z.string().regex(/^(instant|\d+(\.\d+)?|\d+(\.\d+)?(ms|s|m|h|d)=\d+(\.\d+)?(ms|s|m|h|d))$/),
]);

/** The name of a variable, for the one value that must not be in a file. */
const fromEnvironment = z.strictObject({
  env: z.string().regex(/^[A-Za-z_]\w*$/, { error: 'the name of an environment variable' }),
});

/**
 * `hookcast.json`. Each key is the name of a flag, and its value what would stand behind the flag; test/cli/project.test.ts
 * holds the two together.
 */
export const projectSchema = z.strictObject({
  $schema: z.string().optional(),
  to: url.optional().describe('Your receiver; --to and HOOKCAST_URL win over it.'),
  webhook: texts
    .optional()
    .describe(
      'The webhook as configured at Persona: a file, or several. Relative to this file, as every path here.',
    ),
  secret: fromEnvironment
    .optional()
    .describe('The variable that holds the webhook secret, as {"env": "PERSONA_WEBHOOK_SECRET"}.'),
  'user-agent': text.optional().describe('The User-Agent of requests.'),
  included: z.enum(['all', 'empty', 'absent']).optional().describe('The related objects in bodies.'),
  'event-context': z
    .enum(['documented', 'always', 'never'])
    .optional()
    .describe('When the event carries a context object.'),
  'event-redacted-at': z.boolean().optional().describe('Add "redacted-at": null to the event.'),
  policy: text.optional().describe('The retry policy: persona-2022, persona-2026, …, or a file.'),
  'time-scale': timeScale.optional().describe('Shortens the waits between attempts: 1000, 1h=1s or instant.'),
  'reference-id': text.optional().describe('Your own id of the person in events.'),
  seed: wholeNumber.optional().describe('Repeats the ids of an earlier run.'),
  journal: text.optional().describe('Where deliveries are kept; --journal and HOOKCAST_JOURNAL win over it.'),
  'store-secrets': z.boolean().optional().describe('Also keep secrets in the journal.'),
  'allow-remote': z
    .boolean()
    .optional()
    .describe('Send to addresses outside this machine and private networks.'),
  insecure: z.boolean().optional().describe('Accept any TLS certificate.'),
  ca: text.optional().describe('A PEM file with certificate authorities to trust.'),
  profile: z.enum(profiles).optional().describe('How much conform asks: core, strict, probe, soak or load.'),
  skip: z
    .array(text)
    .min(1)
    .optional()
    .describe('Checks that conform leaves out: ids, families or patterns.'),
  strict: z.boolean().optional().describe('conform counts non-strict as a failure.'),
  tolerance: wholeNumber
    .optional()
    .describe('The age of the signature that your receiver allows, in seconds.'),
  'oracle-url': url.optional().describe('answers GET with JSON: how often each event was processed.'),
  'oracle-cmd': text.optional().describe("A command that prints the same, run in this file's folder."),
  hook: texts
    .optional()
    .describe(
      "restart=<command>, dependency-down=…, dependency-up=… or unset-secret=…, run in this file's folder.",
    ),
  'log-file': text.optional().describe("Your receiver's log, which conform searches for personal data."),
  baseline: text.optional().describe('A file with the checks that are known to fail.'),
  'wait-for': duration.optional().describe('How long conform waits for the receiver to be up, such as 30s.'),
  report: texts.optional().describe('Reports of conform, such as html=report.html or junit=report.xml.'),
  save: text.optional().describe('A folder for the bodies and curl lines of failed checks.'),
} satisfies Record<ProjectKey | '$schema', z.ZodType>);

export type Project = z.output<typeof projectSchema>;
