import type { Body } from '../text/bytes.ts';

/** A request as it was sent, to be written down in some language. */
export interface CopiedRequest extends Body {
  readonly url: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/** Left to the client that sends it. */
const NOT_COPIED = new Set(['content-length', 'host', 'connection', 'transfer-encoding']);

export function copiedRequest(
  url: string,
  headers: Readonly<Record<string, string | string[]>>,
  { body, bodyEncoding }: Body,
): CopiedRequest {
  const pairs = Object.entries(headers)
    .filter(([name]) => !NOT_COPIED.has(name.toLowerCase()))
    .flatMap(([name, value]) => [value].flat().map((one) => [name, one] as const));
  return { url, headers: pairs, body, bodyEncoding };
}
