/** What a project file may say, each by the name of its flag. Apart from the schema, which is loaded with a file. */
export const PROJECT_KEYS = [
  'to',
  'webhook',
  'secret',
  'user-agent',
  'included',
  'event-context',
  'event-redacted-at',
  'policy',
  'time-scale',
  'reference-id',
  'seed',
  'journal',
  'store-secrets',
  'allow-remote',
  'insecure',
  'ca',
  'profile',
  'skip',
  'strict',
  'tolerance',
  'oracle-url',
  'oracle-cmd',
  'hook',
  'log-file',
  'baseline',
  'wait-for',
  'report',
  'save',
] as const;
export type ProjectKey = (typeof PROJECT_KEYS)[number];

/** Flags of the same name that a command means otherwise, or that would change what is already begun. */
const NOT_FOR: Readonly<Record<string, readonly ProjectKey[]>> = {
  load: ['report'],
  resume: ['webhook'],
  resend: ['webhook'],
  worker: ['webhook'],
};

/** Does the project file speak of this flag of this command? */
export function isProjectKey(name: string | undefined, command: string): name is ProjectKey {
  const key = PROJECT_KEYS.find((each) => each === name);
  return key !== undefined && NOT_FOR[command]?.includes(key) !== true;
}
