import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { checkFamily } from './source-address.ts';
import { isHomeAddress, isMetadataAddress, RemoteAddressError } from './private-addresses.ts';
import type { HttpSender } from '../ports.ts';

/** Where connections may lead, and whom they trust: the same for every request that leaves this process. */
export interface SenderOptions {
  /** Send to any address, not only to loopback and private ones. @default false */
  readonly allowRemote?: boolean | undefined;
  /** Accept any certificate. @default false */
  readonly insecure?: boolean | undefined;
  /** Certificates (PEM) of the authorities to trust instead of the system's. */
  readonly ca?: string | undefined;
  /** The address of this machine that connections come from. @default whichever leads to the receiver */
  readonly sourceAddress?: string | undefined;
}

/** What Node's `connect` and `request` are told of it. */
export interface ConnectionRules {
  readonly lookup: LookupFunction;
  readonly rejectUnauthorized?: false;
  readonly ca?: string;
  readonly localAddress?: string;
  readonly family?: number;
}

export function connectionRules({
  allowRemote,
  insecure,
  ca,
  sourceAddress,
}: SenderOptions): ConnectionRules {
  return {
    lookup: allowRemote === true ? anyLookup : homeLookup,
    ...(insecure === true ? { rejectUnauthorized: false } : {}),
    ...(ca === undefined ? {} : { ca }),
    ...(sourceAddress === undefined ? {} : { localAddress: sourceAddress, family: isIP(sourceAddress) }),
  };
}

/**
 * Refuses a literal address that nothing may be sent to, or not from the source; a name is judged when it is resolved.
 * @throws {RemoteAddressError | UsageError}
 */
export function checkLiteral(url: URL, { allowRemote, sourceAddress }: SenderOptions): void {
  const host = hostOf(url);
  if (sourceAddress !== undefined) checkFamily(sourceAddress, host);
  if (isIP(host) !== 0 && !mayConnect(host, allowRemote === true)) throw new RemoteAddressError(host, host);
}

/** The host without the brackets of IPv6. */
export function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, '');
}

export function portOf({ port, protocol }: URL): number {
  return Number(port || (protocol === 'https:' ? 443 : 80));
}

function mayConnect(address: string, allowRemote: boolean): boolean {
  return allowRemote ? !isMetadataAddress(address) : isHomeAddress(address);
}

/**
 * Resolves a name for the very connection that is about to be made, and lets only home addresses through: a
 * name cannot be checked first and point elsewhere afterwards.
 */
export const homeLookup = lookupOf(false);
const anyLookup = lookupOf(true);

function lookupOf(allowRemote: boolean): LookupFunction {
  return (hostname, options, callback) => {
    systemLookup(resolvable(hostname), { ...options, all: true }, (error, addresses) => {
      if (error !== null) {
        callback(error, '', 0);
        return;
      }
      const allowed = addresses.filter(({ address }) => mayConnect(address, allowRemote));
      const [first] = allowed;
      if (first === undefined) callback(new RemoteAddressError(hostname, shownAddress(addresses)), '', 0);
      else if (options.all === true) callback(null, allowed);
      else callback(null, first.address, first.family);
    });
  };
}

/** Every name below localhost is this machine (RFC 6761, 6.3), though few resolvers know. */
function resolvable(hostname: string): string {
  return /\.localhost\.?$/i.test(hostname) ? 'localhost' : hostname;
}

function shownAddress(addresses: readonly LookupAddress[]): string {
  return addresses[0]?.address ?? 'no address';
}

type Kind = 'undiciSender' | 'burstSender';

/**
 * As the sender of that name. The HTTP client is loaded with the first request: it takes longer than all else until a server
 * answers, and what is loaded is in no timing.
 */
export function lateSender(options: SenderOptions = {}, kind: Kind = 'undiciSender'): HttpSender {
  let sender: HttpSender | undefined;
  const load = async () => {
    const senders = await import('./undici-sender.ts');
    return (sender ??= senders[kind](options));
  };
  const sendLate: HttpSender['send'] = async (request, limits) => {
    const loaded = await load();
    if (limits.signal?.aborted === true) return { kind: 'cancelled', timings: { totalMs: 0 } };
    return loaded.send(request, limits);
  };
  return { send: (request, limits) => sender?.send(request, limits) ?? sendLate(request, limits) };
}
