import fc from 'fast-check';

const oneOf = (...texts: string[]) => fc.constantFrom(...texts);
const joined = (...parts: fc.Arbitrary<string>[]) => fc.tuple(...parts).map((texts) => texts.join(''));
const several = (part: fc.Arbitrary<string>, maxLength: number) =>
  fc.array(part, { maxLength }).map((parts) => parts.join(''));
const mostly = (usual: fc.Arbitrary<string>, other: fc.Arbitrary<string>, weight: number) =>
  fc.oneof({ weight, arbitrary: usual }, { weight: 1, arbitrary: other });

const usualStatusLine = joined(
  oneOf('HTTP/1.1 ', 'HTTP/1.0 '),
  oneOf('200', '201', '204', '304', '503'),
  oneOf(' OK', '', ' '),
  fc.constant('\r\n'),
);
const oddStatusLine = joined(
  oneOf('HTTP/1.1', 'HTTP/1.0', 'HTTP/2.0', 'HTTP/0.9', 'HTTP/1.2', 'http/1.1', 'HTTP/11', 'RTSP/1.0'),
  oneOf(' ', '  ', '\t'),
  oneOf('200', '100', '101', '103', '20', '2000', '000', '099', '999', '2x0'),
  oneOf('', ' OK', ' \u00e9', ' a\tb', ' \u001b[31mred', ' a\u007fb', ' a\u0000b'),
  fc.constant('\r\n'),
);
const lineEnd = mostly(fc.constant('\r\n'), oneOf('\n', '\r', '\r\r\n', '\n\r'), 20);
const header = oneOf(
  ...[
    'Content-Length: 2',
    'content-length:2 ',
    'Content-Length: 0',
    'Content-Length: 5',
    'Content-Length: 02',
  ],
  ...[
    'Content-Length: +2',
    'Content-Length: 2, 2',
    'Content-Length:',
    'Content-Length: 99999999999999999999',
  ],
  ...['Transfer-Encoding: chunked', 'transfer-encoding: Chunked', 'Transfer-Encoding: gzip, chunked'],
  ...['Transfer-Encoding: chunked, gzip', 'Transfer-Encoding: identity', 'Transfer-Encoding:'],
  ...['Connection: close', 'Connection: keep-alive', 'Connection: upgrade', 'Upgrade: websocket'],
  ...['Keep-Alive: timeout=5', 'Date: now', 'X: y', 'X:', 'X: \u00e9', 'X : y', 'X', ': y', 'x-\u00e9: 1'],
  ...['X: a\u0001b', 'X: a\rb', 'X: y\u007f', ' folded', '\tfolded'],
);
const body = oneOf(
  ...['', 'ok', 'okok', '\r\nok', 'okHTTP/1.1 500 No\r\n\r\n', '0\r\n\r\nHTTP/1.1 200 OK\r\n\r\n'],
  ...[
    '2\r\nok\r\n0\r\n\r\n',
    '2;x=y\r\nok\r\n0\r\n\r\n',
    '2\r\nok\r\n0\r\nA: b\r\n\r\n',
    '2\r\nokk\r\n0\r\n\r\n',
  ],
  ...[
    '2\r\nok0\r\n\r\n',
    'x\r\nok\r\n0\r\n\r\n',
    '2\nok\n0\n\n',
    '2\r\nok\r\n0\r\n',
    'FFFFFFFFFFFFFFFFF\r\nok',
  ],
);
const beforeIt = mostly(
  fc.constant(''),
  oneOf(
    'HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n',
    'HTTP/1.1 100 Continue\r\n\r\n',
    'HTTP/1.1 102 Processing\r\nContent-Length: 3\r\n\r\n',
    '\r\n',
  ),
  6,
);
const answer = joined(
  beforeIt,
  mostly(usualStatusLine, oddStatusLine, 3),
  several(joined(header, lineEnd), 4),
  lineEnd,
  body,
);

const extension = several(
  oneOf(';', '=', 'a', 'x-y', '"', '"q"', ' ', '\t', '\\', '\u00e9', '\u0001', ','),
  6,
);
const chunk = joined(
  oneOf('2', '02', '3', 'a', '2 ', ' 2'),
  mostly(fc.constant(''), joined(fc.constant(';'), extension), 2),
  mostly(fc.constant('\r\n'), oneOf('\n', '\r'), 6),
  oneOf('ok', 'oka', '0123456789', ''),
  mostly(fc.constant('\r\n'), oneOf('\n', ''), 6),
);
const chunked = joined(
  fc.constant('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'),
  several(chunk, 3),
  oneOf(
    '0\r\n\r\n',
    '0;a=b\r\n\r\n',
    '0\r\nA: b\r\n\r\n',
    '0\r\n A: b\r\n\r\n',
    '0\r\nContent-Length: 5\r\n\r\n',
  ),
);

type Damage = { readonly at: number; readonly byte: number | 'cut' } | undefined;
const damage: fc.Arbitrary<Damage> = fc.option(
  fc.record({ at: fc.nat(200), byte: fc.oneof(fc.nat(255), fc.constant('cut' as const)) }),
  { nil: undefined },
);

/** Answers to a request as good, odd and broken receivers give them. */
export const oddAnswers: fc.Arbitrary<Buffer> = fc
  .tuple(fc.oneof(answer, answer, chunked), damage)
  .map(([text, harm]) => damaged(Buffer.from(text, 'latin1'), harm));

function damaged(bytes: Buffer, harm: Damage): Buffer {
  if (harm === undefined || harm.at >= bytes.length) return bytes;
  if (harm.byte === 'cut') return bytes.subarray(0, harm.at);
  bytes[harm.at] = harm.byte;
  return bytes;
}
