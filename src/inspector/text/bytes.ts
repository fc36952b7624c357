/** A body as the API gives it. */
export interface Body {
  readonly body: string;
  readonly bodyEncoding?: 'base64' | undefined;
}

export function bytesOf({ body, bodyEncoding }: Body): Uint8Array {
  if (bodyEncoding === undefined) return new TextEncoder().encode(body);
  return Uint8Array.from(atob(body), (character) => character.charCodeAt(0));
}

export function base64Of(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

const ROW = 16;

/** As `hexdump -C` shows it. */
export function hexDump(bytes: Uint8Array): string {
  const rows: string[] = [];
  for (let offset = 0; offset < bytes.length; offset += ROW) {
    const row = [...bytes.subarray(offset, offset + ROW)];
    const hex = row.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const text = row.map((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '.')).join('');
    rows.push(`${offset.toString(16).padStart(6, '0')}  ${hex.padEnd(ROW * 3 - 1)}  ${text}`);
  }
  return rows.join('\n');
}
