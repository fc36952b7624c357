import { diskFiles } from '../../fixture/files.ts';
import { authoritiesOf } from '../../http/authorities.ts';
import { flagsOf, GROUP, type ValuesOf } from './flag.ts';
import { collect } from './values.ts';

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

/** How every command that sends may connect. */
export const CONNECTION = [TARGET.allowRemote, TARGET.insecure, TARGET.ca];

/**
 * The text of the file that `--ca` names.
 * @throws {FileError | ContentError} also where there is no certificate in it
 */
export async function readCa({ ca }: Pick<TargetFlags, 'ca'>): Promise<string | undefined> {
  return ca === undefined ? undefined : authoritiesOf(await diskFiles.read(ca), ca);
}
