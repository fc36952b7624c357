import { maskUrl } from './mask.ts';
import { printable } from './printable.ts';

/** A URL that requests can be sent to; undefined for other text. */
export function httpUrl(text: string): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  // `localhost:3000` parses, as a URL of the scheme `localhost`.
  return url?.protocol === 'http:' || url?.protocol === 'https:' ? url : undefined;
}

/** What to say of text that `httpUrl` refuses. A login in it is hidden, however the rest is written. */
export function urlFault(text: string, expected = 'a URL that starts with http:// or https://'): string {
  return `${shownUrl(text)}: ${reason(text) ?? `expected ${expected}${guess(text)}`}`;
}

/** Text that should be a URL, as it may be shown. */
export function shownUrl(text: string): string {
  return maskUrl(printable(text)).replace(/(^|\/)[^\s/@[\]]+@/g, '$1[secret]@');
}

/** Of what begins as it should. */
function reason(text: string): string | undefined {
  const [, authority] = /^https?:\/\/([^/?#\\]*)/i.exec(text) ?? [];
  if (authority === undefined) return undefined;
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  if (host === '') return 'the name of the host is missing';
  const [, zone] = /^\[[^\]]*(%[^\]]*)\]/.exec(host) ?? [];
  if (zone !== undefined) return `a URL has no place for the zone of an address (${printable(zone, 20)})`;
  const [, port] = /:(\d+)$/.exec(host) ?? [];
  if (port !== undefined && Number(port) > 65_535) return `port ${printable(port, 20)} is above 65535`;
  return `'${printable(host, 80)}' is not the name or address of a host`;
}

function guess(text: string): string {
  const url = /^[a-z]+:?\/\/|[=@]/i.test(text) ? undefined : httpUrl(`http://${text}`);
  return url === undefined ? '' : `; did you mean http://${printable(text)}?`;
}
