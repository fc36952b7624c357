import { diskFiles } from '../../fixture/files.ts';
import { UsageError } from '../../errors.ts';
import { textOfFile } from '../../text/utf8.ts';
import { flagsOf, GROUP } from './flag.ts';
import { collect } from './values.ts';

/** Where requests go, and whom they trust there. */
export interface TargetFlags {
  readonly to?: string;
  readonly webhook?: string[];
  readonly allowRemote?: boolean;
  readonly insecure?: boolean;
  readonly ca?: string;
}

export const TARGET = flagsOf(GROUP.where, {
  to: { spelling: '--to <url>', description: 'your receiver (or HOOKCAST_URL)' },
  webhook: {
    spelling: '--webhook <file>',
    description: `a webhook as JSON, in Persona's names or as its API returns it; repeat for several webhooks`,
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

const CERTIFICATE = /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----/;

/**
 * The text of the file that `--ca` names.
 * @throws {FileError | UsageError} also where there is no certificate in it
 */
export async function readCa({ ca }: Pick<TargetFlags, 'ca'>): Promise<string | undefined> {
  if (ca === undefined) return undefined;
  const bytes = await diskFiles.read(ca);
  if (CERTIFICATE.test(bytes.toString('latin1'))) return textOfFile(bytes, ca);
  const isDer = bytes[0] === 0x30;
  const advice = isDer ? `; it looks like DER: openssl x509 -inform der -in ${ca} -out ca.pem` : '';
  throw new UsageError(`--ca ${ca}: there is no PEM certificate in this file${advice}`);
}
