import { BlockList, isIPv4 } from 'node:net';
import { HookcastError } from '../errors.ts';

/** An address that nothing may be sent to: outside loopback, link-local and private ranges, or a metadata service. */
export class RemoteAddressError extends HookcastError {
  override name = 'RemoteAddressError' as const;
  readonly host: string;
  readonly address: string;

  constructor(host: string, address: string) {
    const resolved = host === address ? '' : ` (${address})`;
    const reason = isMetadataAddress(address)
      ? 'is the metadata service of a cloud machine, which holds credentials; nothing is sent there'
      : 'is not on this machine or a private network; if the receiver is yours, pass `allowRemote`';
    super('REMOTE_ADDRESS', `${host}${resolved} ${reason}`);
    this.host = host;
    this.address = address;
  }
}

const home = new BlockList();
home.addSubnet('127.0.0.0', 8, 'ipv4');
home.addAddress('0.0.0.0', 'ipv4'); // "Any address of this machine": connects to loopback.
home.addSubnet('10.0.0.0', 8, 'ipv4');
home.addSubnet('172.16.0.0', 12, 'ipv4');
home.addSubnet('192.168.0.0', 16, 'ipv4');
home.addSubnet('169.254.0.0', 16, 'ipv4');
home.addAddress('::1', 'ipv6');
home.addAddress('::', 'ipv6');
home.addSubnet('fc00::', 7, 'ipv6');
home.addSubnet('fe80::', 10, 'ipv6');

/** Where clouds hand out credentials to what runs on a machine; no receiver lives there. */
const metadata = new BlockList();
metadata.addAddress('169.254.169.254', 'ipv4'); // AWS, Google, Azure, DigitalOcean, OpenStack, Oracle.
metadata.addAddress('169.254.170.2', 'ipv4'); // AWS, tasks of ECS.
metadata.addAddress('169.254.170.23', 'ipv4'); // AWS, pods of EKS.
metadata.addAddress('100.100.100.200', 'ipv4'); // Alibaba.
metadata.addAddress('168.63.129.16', 'ipv4'); // Azure's wire server.
metadata.addAddress('fd00:ec2::254', 'ipv6'); // AWS.
metadata.addAddress('fd00:ec2::23', 'ipv6'); // AWS, pods of EKS.
metadata.addAddress('fd20:ce::254', 'ipv6'); // Google.

/** Loopback, link-local or private (RFC 1918, 4193, 3927, 4291). IPv4 inside IPv6 is judged as IPv4. */
export function isHomeAddress(address: string): boolean {
  // Most are loopback, and a list takes longer: it makes an object of each address.
  if (address.startsWith('127.') && isIPv4(address)) return true;
  return isIn(home, address) && !isMetadataAddress(address);
}

export function isMetadataAddress(address: string): boolean {
  return isIn(metadata, address);
}

function isIn(list: BlockList, address: string): boolean {
  const bare = address.replace(/%.*$/, ''); // fe80::1%eth0
  // Asked for IPv4, since Node compiles its expression for IPv6 in several milliseconds.
  if (isIPv4(bare)) return list.check(bare, 'ipv4');
  return bare.includes(':') && list.check(bare, 'ipv6');
}
