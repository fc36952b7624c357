import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import { BlockList, isIP, isIPv4, type LookupFunction } from 'node:net';
import { HookcastError } from '../errors.ts';

/** A target outside loopback, link-local and private ranges, without `--allow-remote`. */
export class RemoteAddressError extends HookcastError {
  override name = 'RemoteAddressError' as const;
  readonly host: string;
  readonly address: string;

  constructor(host: string, address: string) {
    const resolved = host === address ? '' : ` (${address})`;
    super(
      'REMOTE_ADDRESS',
      `${host}${resolved} is not on this machine or a private network. Made-up events stay at home; ` +
        `if the receiver is yours, say --allow-remote`,
    );
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

/** Loopback, link-local or private (RFC 1918, 4193, 3927, 4291). IPv4 inside IPv6 is judged as IPv4. */
export function isHomeAddress(address: string): boolean {
  const bare = address.replace(/%.*$/, ''); // fe80::1%eth0
  // Asked for IPv4, since Node compiles its expression for IPv6 in several milliseconds.
  return home.check(bare, isIPv4(bare) ? 'ipv4' : 'ipv6');
}

/** Refuses a literal address; a name is judged by `homeLookup`, when it is resolved. */
export function checkLiteral(hostname: string): void {
  const host = hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0 && !isHomeAddress(host)) throw new RemoteAddressError(host, host);
}

/**
 * Resolves a name for the very connection that is about to be made, and lets only home addresses through: a
 * name cannot be checked first and point elsewhere afterwards.
 */
export const homeLookup: LookupFunction = (hostname, options, callback) => {
  systemLookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error !== null) {
      callback(error, '', 0);
      return;
    }
    const [allowed, refused] = partition(addresses);
    const first = allowed[0];
    if (first === undefined) {
      callback(new RemoteAddressError(hostname, refused[0]?.address ?? 'no address'), '', 0);
      return;
    }
    if (options.all === true) callback(null, allowed);
    else callback(null, first.address, first.family);
  });
};

function partition(addresses: readonly LookupAddress[]): [LookupAddress[], LookupAddress[]] {
  const isHome = ({ address }: LookupAddress) => isHomeAddress(address);
  return [addresses.filter(isHome), addresses.filter((candidate) => !isHome(candidate))];
}
