import { flagsOf, GROUP, type ValuesOf } from './flag.ts';

export type OutputFlags = ValuesOf<typeof OUTPUT>;

export const OUTPUT = flagsOf(GROUP.output, {
  json: {
    spelling: '--json',
    description: 'one JSON object per attempt and delivery on stdout (NDJSON)',
  },
  quiet: { spelling: '--quiet', description: 'print nothing but warnings and errors' },
  verbose: { spelling: '--verbose', description: 'also show what the receiver answered' },
});

export const { body: BODY_ONLY, withCredentials: WITH_CREDENTIALS } = flagsOf(GROUP.output, {
  body: { spelling: '--body', description: `print only the body's bytes` },
  withCredentials: {
    spelling: '--with-credentials',
    description: 'also write credentials (Authorization, cookies) in clear text',
  },
});
