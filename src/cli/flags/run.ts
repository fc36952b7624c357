import { flagsOf, GROUP, type ValuesOf } from './flag.ts';
import { list, probability, size, time, wholeNumber, collect, header, port } from './values.ts';
import { diskFiles } from '../../fixture/files.ts';
import { authoritiesOf } from '../../http/authorities.ts';
import { InvalidArgumentError } from 'commander';
import { BODY, type BodyFlags } from './body.ts';
import { isIP } from 'node:net';
import { SOURCE_ADDRESSES } from '../../persona/source-addresses.ts';

/** Flags that several kinds of runs share, each with the words of its own. */
export const RUN = flagsOf(GROUP.what, {
  only: { spelling: '--only <events>', description: 'only these events, separated by commas', parse: list },
  referenceId: {
    spelling: '--reference-id <text>',
    description: 'your own id of the person: reference-id of the object and its account',
  },
  seed: { spelling: '--seed <number>', description: 'repeat the ids of an earlier run', parse: wholeNumber },
  at: {
    spelling: '--at <time>',
    description: 'when the event happened: ISO 8601 or unix seconds (default: now)',
    parse: time,
  },
  scenario: {
    spelling: '--scenario <name|file>',
    description: 'the events of a scenario, story after story, instead of a mix',
  },
});

export const PACE = flagsOf(GROUP.speed, {
  concurrency: {
    spelling: '--concurrency <n>',
    description: 'requests under way at a time',
    parse: size,
  },
  duplicates: {
    spelling: '--duplicates <probability>',
    description: 'send each event again with this probability, 0 to 1: the same bytes, up to 10 s later',
    parse: probability,
  },
  shuffle: {
    spelling: '--shuffle',
    description: 'send in random order; the moments of sending stay the same',
  },
});

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

/** Where requests go, and whom they trust there. */
export type TargetFlags = ValuesOf<typeof TARGET>;

export const TARGET = flagsOf(GROUP.where, {
  to: { spelling: '--to <url>', description: 'your receiver (or HOOKCAST_URL)' },
  webhook: {
    spelling: '--webhook <file>',
    description: `a webhook as JSON, with Persona's names or as its API returns it; repeat for several webhooks`,
    parse: collect,
  },
  allowRemote: {
    spelling: '--allow-remote',
    description: 'send to addresses outside this machine and private networks',
  },
  insecure: { spelling: '--insecure', description: 'accept any TLS certificate' },
  ca: { spelling: '--ca <pem>', description: 'trust the certificate authorities in this file' },
});

/** How every command that sends may connect, and what it prints. */
export const SENDING = {
  allowRemote: TARGET.allowRemote,
  insecure: TARGET.insecure,
  ca: TARGET.ca,
  ...OUTPUT,
};

/**
 * The text of the file that `--ca` names.
 * @throws {FileError | ContentError} also where there is no certificate in it
 */
export async function readCa({ ca }: Pick<TargetFlags, 'ca'>): Promise<string | undefined> {
  return ca === undefined ? undefined : authoritiesOf(await diskFiles.read(ca), ca);
}

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

/** The flags that say where it goes and how it is signed; they win over the webhook file. */
export type WebhookFlags = Pick<TargetFlags, 'to' | 'webhook'> & SigningFlags & BodyFlags;

export const WEBHOOK = { to: TARGET.to, webhook: TARGET.webhook, ...SIGNING, ...BODY };

export const LISTEN = flagsOf(GROUP.where, {
  port: { spelling: '--port <number>', description: 'port to listen on; 0 picks a free one', parse: port },
  host: { spelling: '--host <address>', description: 'address to listen on', default: '127.0.0.1' },
});

/** Where requests come from, for receivers that have a list of addresses. */
export type SourceFlags = ValuesOf<typeof SOURCE>;

const FORWARDED_FOR = 'X-Forwarded-For';

/** One of Persona's documented addresses. */
const PERSONA = SOURCE_ADDRESSES['United States'][0];

export const SOURCE = flagsOf(GROUP.where, {
  source: {
    spelling: '--source <address>',
    description: 'send from this address of this machine, e.g. 127.0.0.2',
    parse: address,
  },
  forwardedFor: {
    spelling: '--forwarded-for <address>',
    description: `${FORWARDED_FOR}, as a proxy would set it; persona: ${PERSONA}, which Persona documents`,
    parse: (text: string) => (text === 'persona' ? PERSONA : address(text, "'persona' or ")),
  },
});

function address(text: string, or: unknown = ''): string {
  if (isIP(text) !== 0 && !/^[0:.]+$/.test(text)) return text;
  const others = typeof or === 'string' ? or : '';
  throw new InvalidArgumentError(`expected ${others}an address, such as 127.0.0.2 or ::1`);
}

/** The header that the flags ask for. */
export function sourceHeaders({ forwardedFor }: SourceFlags): Readonly<Record<string, string>> {
  return forwardedFor === undefined ? {} : { [FORWARDED_FOR]: forwardedFor };
}
