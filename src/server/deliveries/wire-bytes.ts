import { STATUS_CODES } from 'node:http';
import type { HttpResponse } from '../../ports.ts';
import { visibleHeaders } from '../views/visible-headers.ts';
import type { KeptAttempt, KeptDelivery } from './kept-delivery.ts';

/** The request as it went over the connection (src/http/undici-sender.ts), but for credentials. */
export function requestBytes({ body }: KeptDelivery, { url, headers }: KeptAttempt): Buffer {
  const length = Object.keys(headers).find((name) => name.toLowerCase() === 'content-length');
  const others = Object.entries(visibleHeaders(headers)).filter(([name]) => name !== length);
  const lines = [
    `POST ${url.pathname}${url.search} HTTP/1.1`,
    `host: ${url.host}`,
    'connection: keep-alive',
    ...others.map(([name, value]) => `${name}: ${value}`),
    `content-length: ${body.byteLength}`,
  ];
  return message(lines, body);
}

/** The answer as it was read: names in lower case, the body without its transfer coding and at most 64 KiB of it. */
export function responseBytes({ status, headers, body }: HttpResponse): Buffer {
  const lines = Object.entries(visibleHeaders(headers)).flatMap(([name, values]) =>
    [values].flat().map((value) => `${name}: ${value}`),
  );
  return message([`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`.trimEnd(), ...lines], body);
}

function message(head: readonly string[], body: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`, 'latin1'), body]);
}
