/** One `t=…,v1=…` of a signature header, as it was written. */
export interface SignatureSet {
  readonly t: string;
  readonly v1: string;
}

export type ParsedHeader =
  | { readonly kind: 'sets'; readonly sets: readonly SignatureSet[] }
  | { readonly kind: 'malformed'; readonly reason: string };

/** Reads a `Persona-Signature` header: sets separated by spaces, each with its own `t` and `v1`. */
export function parseSignatureHeader(header: string): ParsedHeader {
  const text = header.replace(/^\s*persona-signature\s*:/i, '').trim();
  if (text === '') return malformed('the header is empty');
  const sets: SignatureSet[] = [];
  for (const part of text.split(/\s+/)) {
    const pairs = new Map(part.split(',').map((pair) => splitOnce(pair)));
    const [t, v1] = [pairs.get('t'), pairs.get('v1')];
    if (t === undefined || v1 === undefined) return malformed(reasonFor(part, t === undefined ? 't' : 'v1'));
    // The bytes that are signed hold a t of one byte for each character.
    if (!/^[0-9]{1,15}$/.test(t))
      return malformed(`t=${shown(t)} is not a number of seconds in ASCII digits`);
    sets.push({ t, v1 });
  }
  return { kind: 'sets', sets };
}

function splitOnce(pair: string): [string, string] {
  const equals = pair.indexOf('=');
  return equals < 0 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)];
}

function reasonFor(part: string, missing: string): string {
  return `'${shown(part)}' has no '${missing}='; a set looks like t=1764686826,v1=<64 hex digits>`;
}

function shown(text: string): string {
  return text.length > 40 ? `${text.slice(0, 37)}...` : text;
}

function malformed(reason: string): ParsedHeader {
  return { kind: 'malformed', reason };
}
