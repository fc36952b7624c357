import { STATUS_CODES, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { TextReply } from '../http/text-reply.ts';
import { ProblemError, REFUSED, refusalOf } from './api/problem.ts';
import { version } from '../text/version.ts';

/** Answers as the API does what Node itself cannot read, and so gives to no listener of requests. */
export function refuseUnreadable(server: Server): void {
  const answering = new WeakMap<
    Duplex,
    { readonly headersSent: boolean; readonly writableFinished: boolean }
  >();
  server.on('request', ({ socket }, outgoing) => void answering.set(socket, outgoing));
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const last = answering.get(socket);
    const isWithinAnAnswer = last?.headersSent === true && !last.writableFinished;
    if (socket.writable && !isWithinAnAnswer) socket.write(asHttp(refusalFor(error)));
    socket.destroy(error);
  });
}

/** An answer outside the routes: a problem document with the version. */
export function refusal(refused: readonly [status: number, code: string], detail: string): TextReply {
  const headers = { 'hookcast-version': version() };
  return refusalOf(new ProblemError(refused, detail, { headers }), () => undefined);
}

function refusalFor({ code, message }: NodeJS.ErrnoException): TextReply {
  if (code === 'HPE_HEADER_OVERFLOW') {
    return refusal(REFUSED.headersTooLarge, 'the target and the headers are larger than 16 KiB together');
  }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return refusal(REFUSED.timedOut, 'the request did not come in time');
  }
  return refusal(REFUSED.badRequest, `the request is not HTTP: ${message}`);
}

function asHttp({ status, headers, text }: TextReply): string {
  const all = { ...headers, connection: 'close', 'content-length': Buffer.byteLength(text) };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n${text}`;
}
