import { flagsOf, GROUP, type ValuesOf } from './flag.ts';
import { collect, header } from './values.ts';

type Header = readonly [name: string, value: string];

export type SigningFlags = ValuesOf<typeof SIGNING>;

export const SIGNING = flagsOf(GROUP.signing, {
  secret: {
    spelling: '--secret <text>',
    description: 'webhook secret (or PERSONA_WEBHOOK_SECRET); twice: new and old',
    parse: collect,
  },
  header: {
    spelling: '--header <name: value>',
    description: 'custom header; repeatable',
    parse: (text: string, previous: readonly Header[] = []): Header[] => [...previous, header(text)],
  },
  userAgent: { spelling: '--user-agent <text>', description: 'instead of the neutral default' },
});
