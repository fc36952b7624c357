import { hmac, overBody, overText, type SigningInput, type WrongForm } from './wrong-form.ts';

/** The right key over something that is not `<t>.<body>`: the commonest mistakes, the commonest first. */
export const WRONG_TEXTS: readonly WrongForm[] = [
  {
    id: 'body-alone',
    description: 'of the body without the timestamp (the signed text is `<t>.<body>`)',
    compute: overText(({ body }) => body),
  },
  {
    id: 'object-as-text',
    description:
      'of `<t>.[object Object]`: a parsed body turned into text (verify the bytes that arrived, before parsing)',
    compute: overBody(() => '[object Object]'),
  },
  {
    id: 'object-as-text-alone',
    description: 'of `[object Object]`: a parsed body turned into text, and without the timestamp',
    compute: overText(() => '[object Object]'),
  },
  ...['', '{}', 'undefined', 'null', 'None', 'Array'].map((body): WrongForm => ({
    id: `body-${body === '' ? 'empty' : body}`,
    description: `of \`<t>.${body}\`: the body was ${body === '' ? 'empty' : `\`${body}\``} by then (something read it before, or did not keep it)`,
    compute: overBody(() => body),
  })),
  {
    id: 'python-bytes',
    description: "of `<t>.b'…'`: Python bytes in an f-string or str() (decode them, or join bytes)",
    compute: overBody(({ body }) => pythonBytes(body)),
  },
  {
    id: 'go-bytes',
    description: 'of `<t>.[123 34 …]`: a Go []byte printed with %v (use %s, or write the bytes)',
    compute: overBody(({ body }) => `[${[...body].join(' ')}]`),
  },
  {
    id: 'byte-list',
    description: 'of `<t>.123,34,…`: a Uint8Array turned into text (use Buffer.from(body).toString())',
    compute: overBody(({ body }) => [...body].join(',')),
  },
  {
    id: 'body-in-base64',
    description: 'of the body in base64 (AWS gateways deliver it so with isBase64Encoded: decode it first)',
    compute: overBody(({ body }) => body.toString('base64')),
  },
  {
    id: 'stringified-twice',
    description: 'of the body as a JSON string: JSON.stringify of what already is text',
    compute: overBody(({ body }) => JSON.stringify(body.toString('utf8'))),
  },
  {
    id: 'latin1',
    description: 'of the body decoded as Latin-1 (the bytes are UTF-8)',
    compute: overBody(({ body }) => different(body, Buffer.from(body.toString('latin1')))),
  },
  {
    id: 'no-separator',
    description: 'with nothing between timestamp and body (a dot belongs there)',
    compute: overText(({ body, t }) => Buffer.concat([Buffer.from(t), body])),
  },
  ...[':', ',', '|', '-', '_', '\n', ' '].map((separator): WrongForm => ({
    id: `separator-${String(separator.charCodeAt(0))}`,
    description: `with ${JSON.stringify(separator)} between timestamp and body (a dot belongs there)`,
    compute: overText(({ body, t }) => Buffer.concat([Buffer.from(t + separator), body])),
  })),
  {
    id: 'body-first',
    description: 'of `<body>.<t>`: the timestamp comes first',
    compute: ({ body, secret, t }) => hmac(secret, body, `.${t}`),
  },
  {
    id: 'milliseconds',
    description: 'with the timestamp in milliseconds (`t` is in seconds)',
    compute: ({ body, secret, t }) => hmac(secret, `${t}000.`, body),
  },
  {
    id: 'seconds',
    description:
      'with the timestamp in seconds although the header has it in milliseconds (`t` is in seconds)',
    compute: ({ body, secret, t }) => (t.length < 12 ? undefined : hmac(secret, `${t.slice(0, -3)}.`, body)),
  },
  {
    id: 'path-too',
    description: 'of `<t>.<path>.<body>` (the path is not signed: `<t>.<body>`)',
    compute: withUrl(({ t, body }, { pathname }) => [`${t}.${pathname}.`, body]),
  },
  {
    id: 'path-too-no-dot',
    description: 'of `<t>.<path><body>` (the path is not signed: `<t>.<body>`)',
    compute: withUrl(({ t, body }, { pathname }) => [`${t}.${pathname}`, body]),
  },
  {
    id: 'path-joined',
    description: 'of `<t><path><body>` (the path is not signed: `<t>.<body>`)',
    compute: withUrl(({ t, body }, { pathname }) => [t + pathname, body]),
  },
  {
    id: 'method-and-path',
    description: 'of `<t>.POST.<path>.<body>` (method and path are not signed: `<t>.<body>`)',
    compute: withUrl(({ t, body }, { pathname }) => [`${t}.POST.${pathname}.`, body]),
  },
  {
    id: 'method-and-path-joined',
    description: 'of `<t>POST<path><body>` (method and path are not signed: `<t>.<body>`)',
    compute: withUrl(({ t, body }, { pathname }) => [`${t}POST${pathname}`, body]),
  },
  {
    id: 'url-too',
    description: 'of the URL and the body, as other providers do (the signed text is `<t>.<body>`)',
    compute: withUrl(({ body }, { href }) => [href, body]),
  },
];

/** The body's bytes changed by an editor, a proxy or a decoder on the way. */
export const CHANGED_BODIES: readonly WrongForm[] = [
  {
    id: 'trailing-newline',
    description: 'of the body with a line break at its end (an editor or `echo` added or lost one)',
    compute: overBody(({ body }) => {
      const text = body.toString('latin1');
      return Buffer.from(text.endsWith('\n') ? text.replace(/\r?\n$/, '') : `${text}\n`, 'latin1');
    }),
  },
  {
    id: 'trailing-crlf',
    description: 'of the body with a Windows line break at its end (an editor took it away)',
    compute: overBody(({ body }) => Buffer.concat([body, Buffer.from('\r\n')])),
  },
  {
    id: 'crlf-added',
    description: 'of the body with LF line breaks; these bytes have CRLF (an editor or Git changed them)',
    compute: overBody(({ body }) => changedText(body, (text) => text.replaceAll('\r\n', '\n'))),
  },
  {
    id: 'crlf-lost',
    description: 'of the body with CRLF line breaks; these bytes have LF (an editor or Git changed them)',
    compute: overBody(({ body }) => changedText(body, (text) => text.replaceAll(/\r?\n/g, '\r\n'))),
  },
  {
    id: 'trimmed',
    description: 'of the body without the white space around it (verify the bytes that arrived)',
    compute: overBody(({ body }) => changedText(body, (text) => text.trim())),
  },
  {
    id: 'bom-added',
    description: 'of the body without the byte order mark that it begins with (an editor added it)',
    compute: overBody(({ body }) => (body.indexOf(BOM) === 0 ? body.subarray(BOM.length) : undefined)),
  },
  {
    id: 'bom-lost',
    description: 'of the body with a byte order mark in front',
    compute: overBody(({ body }) => (body.indexOf(BOM) === 0 ? undefined : Buffer.concat([BOM, body]))),
  },
];

const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

/** By Latin-1, which maps bytes to characters one to one. */
function changedText(body: Buffer, change: (text: string) => string): Buffer | undefined {
  return different(body, Buffer.from(change(body.toString('latin1')), 'latin1'));
}

/** A mistake that changes nothing is none. */
function different(body: Buffer, changed: Buffer): Buffer | undefined {
  return body.equals(changed) ? undefined : changed;
}

function withUrl(parts: (input: SigningInput, url: URL) => readonly (string | Buffer)[]) {
  return (input: SigningInput): string | undefined =>
    input.url === undefined ? undefined : hmac(input.secret, ...parts(input, input.url));
}

/** As Python's `repr` of bytes; JSON has double quotes in it, so that single ones stand around it. */
function pythonBytes(body: Buffer): string {
  const text = body
    .toString('latin1')
    .replace(/[\\']/g, '\\$&')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t')
    .replace(/[^\x20-\x7e]/g, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
  return `b'${text}'`;
}
