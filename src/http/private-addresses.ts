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

type Range = readonly [address: string, bits?: number];

const HOME: readonly Range[] = [
  ['127.0.0.0', 8],
  ['0.0.0.0'], // "Any address of this machine": connects to loopback.
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['169.254.0.0', 16],
  ['::1'],
  ['::'],
  ['fc00::', 7],
  ['fe80::', 10],
];

/** Where clouds hand out credentials to what runs on a machine; no receiver lives there. */
const METADATA: readonly Range[] = [
  ['169.254.169.254'], // AWS, Google, Azure, DigitalOcean, OpenStack, Oracle.
  ['169.254.170.2'], // AWS, tasks of ECS.
  ['169.254.170.23'], // AWS, pods of EKS.
  ['100.100.100.200'], // Alibaba.
  ['168.63.129.16'], // Azure's wire server.
  ['fd00:ec2::254'], // AWS.
  ['fd00:ec2::23'], // AWS, pods of EKS.
  ['fd20:ce::254'], // Google.
];

const LISTS = new Map<readonly Range[], BlockList>();

/** Made when it is first asked: most commands meet nothing but loopback. */
function listOf(ranges: readonly Range[]): BlockList {
  const known = LISTS.get(ranges);
  if (known !== undefined) return known;
  const list = new BlockList();
  for (const [address, bits] of ranges) {
    const family = address.includes(':') ? 'ipv6' : 'ipv4';
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, bits, family);
  }
  LISTS.set(ranges, list);
  return list;
}

/** Loopback, link-local or private (RFC 1918, 4193, 3927, 4291). IPv4 inside IPv6 is judged as IPv4. */
export function isHomeAddress(address: string): boolean {
  // Most are loopback, and a list takes longer: it makes an object of each address.
  if (address.startsWith('127.') && isIPv4(address)) return true;
  return isIn(HOME, address) && !isMetadataAddress(address);
}

export function isMetadataAddress(address: string): boolean {
  return isIn(METADATA, address);
}

function isIn(ranges: readonly Range[], address: string): boolean {
  const bare = address.replace(/%.*$/, ''); // fe80::1%eth0
  // Asked for IPv4, since Node compiles its expression for IPv6 in several milliseconds.
  if (isIPv4(bare)) return listOf(ranges).check(bare, 'ipv4');
  return bare.includes(':') && listOf(ranges).check(bare, 'ipv6');
}
