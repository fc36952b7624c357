import { isIP } from 'node:net';
import { InvalidArgumentError } from 'commander';
import { SOURCE_ADDRESSES } from '../../persona/source-addresses.ts';
import { flagsOf, GROUP, type ValuesOf } from './flag.ts';

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
