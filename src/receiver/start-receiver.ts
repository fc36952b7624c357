import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { SIGNATURE_HEADER } from '../persona/contract.ts';
import type { Secret } from '../signing/sign.ts';
import { verify, type Verification } from '../signing/verify.ts';
import { closeServer, listen } from './listen.ts';
import type { Reaction } from './reaction.ts';

/** One request, as it arrived, and what was done with it. */
export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
  readonly verification: Verification | { readonly kind: 'missing' };
  readonly reaction: Reaction;
}

export interface ReceiverOptions {
  readonly secrets: readonly Secret[];
  /** One per request with a good signature, the last for all that follow. @default always 200 */
  readonly script?: readonly Reaction[] | undefined;
  /** 0 picks a free one. @default 0 */
  readonly port?: number | undefined;
  /** @default 127.0.0.1 */
  readonly host?: string | undefined;
  /** Unix seconds, to judge the age of signatures; absent: their age does not matter. */
  readonly nowSeconds?: (() => number) | undefined;
  readonly toleranceSeconds?: number | undefined;
  readonly onRequest?: ((received: Received) => void) | undefined;
}

export interface Receiver extends AsyncDisposable {
  readonly url: string;
  readonly received: readonly Received[];
  close(): Promise<void>;
}

/**
 * The reference receiver: reads the bytes, verifies them before anything else, answers 401 when that fails and
 * 200 at once when it does not; or misbehaves by its script.
 * @throws {ListenError} when the address is taken or not ours
 */
export async function startReceiver(options: ReceiverOptions): Promise<Receiver> {
  const received: Received[] = [];
  let accepted = 0;
  const server = createServer((request, response) => {
    void buffer(request).then(
      (body) => {
        const verification = verifyRequest(request, body, options);
        const isGenuine = verification.kind === 'valid';
        const reaction = isGenuine ? nextReaction(options.script, accepted++) : UNAUTHORISED;
        const { method = '', url: path = '', headers } = request;
        const record = { method, path, headers, body, verification, reaction };
        received.push(record);
        options.onRequest?.(record);
        react(response, reaction);
      },
      () => response.destroy(), // The sender hung up in the middle of its body.
    );
  });
  const url = await listen(server, options);
  const close = () => closeServer(server);
  return { url, received, close, [Symbol.asyncDispose]: close };
}

const UNAUTHORISED: Reaction = { kind: 'status', status: 401, delayMs: 0 };
const ACCEPT: Reaction = { kind: 'status', status: 200, delayMs: 0 };

function nextReaction(script: readonly Reaction[] | undefined, index: number): Reaction {
  return script?.[index] ?? script?.at(-1) ?? ACCEPT;
}

function verifyRequest(
  { headers }: IncomingMessage,
  body: Buffer,
  { secrets, nowSeconds, toleranceSeconds }: ReceiverOptions,
): Received['verification'] {
  const header = headers[SIGNATURE_HEADER.toLowerCase()];
  if (typeof header !== 'string') return { kind: 'missing' };
  return verify(body, header, { secrets, nowSeconds: nowSeconds?.(), toleranceSeconds });
}

function react(response: ServerResponse, reaction: Reaction): void {
  switch (reaction.kind) {
    case 'status': {
      const timer = setTimeout(() => answer(response, reaction.status), reaction.delayMs);
      response.once('close', () => {
        clearTimeout(timer);
      });
      return;
    }
    case 'hang':
      return;
    case 'reset':
      response.socket?.resetAndDestroy();
      return;
    case 'redirect':
      response.writeHead(301, { Location: '/moved' }).end();
  }
}

function answer(response: ServerResponse, status: number): void {
  response.writeHead(status, { 'Content-Type': 'text/plain' });
  response.end(status === 204 || status === 304 ? undefined : `${status}\n`);
}
