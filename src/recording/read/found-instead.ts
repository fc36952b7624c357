/** What a file is that holds no recording, and what to save in its place. */
export function foundInstead(bytes: Buffer, headersPath: string): { found: string; hint?: string } {
  if (bytes.length === 0) return { found: 'an empty file' };
  const encoding = utf16(bytes);
  if (encoding !== undefined)
    return { found: `text in ${encoding}`, hint: 'save it as UTF-8; in PowerShell: Out-File -Encoding utf8' };
  const text = bytes.toString('latin1', 0, 65_536);
  if (/^[>*<] /.test(text))
    return {
      found: 'the output of curl -v, which does not hold the body',
      hint: `save the body itself as event.json, and the lines that begin with > as event.headers, without the >`,
    };
  if (/\{"data":\{/.test(text) && !text.startsWith('{'))
    return {
      found: 'a line of a log with an event in it',
      hint: 'save the event alone, from its first { to its last }; one event on each line will do',
    };
  // Control characters that no text has.
  if (/[\0-\x08\x0e-\x1a\x1c-\x1f]/.test(text.slice(0, 1_024))) return { found: 'a binary file' };
  if (!/^\s*[{[]/.test(text)) return { found: 'other text' };
  return {
    found: 'other JSON',
    hint: `if it is a body, put its headers into ${headersPath}, or pass the header 'Content-Type: application/json'`,
  };
}

function utf16(bytes: Buffer): string | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'UTF-16';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'UTF-16';
  return undefined;
}
