import { flagsOf, GROUP } from './flag.ts';
import { collect, header } from './values.ts';

export interface SigningFlags {
  readonly secret?: string[];
  readonly header?: (readonly [name: string, value: string])[];
  readonly userAgent?: string;
}

export const SIGNING = flagsOf(GROUP.signing, {
  secret: {
    spelling: '--secret <text>',
    description: 'webhook secret (or PERSONA_WEBHOOK_SECRET); twice: new and old',
    parse: collect,
  },
  header: {
    spelling: '--header <name: value>',
    description: 'custom header; repeatable',
    parse: (text, previous: SigningFlags['header'] = []) => [...previous, header(text)],
  },
  userAgent: { spelling: '--user-agent <text>', description: 'instead of the neutral default' },
});
