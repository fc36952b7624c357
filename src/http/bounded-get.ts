import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import { certificateFault } from '../delivery/certificate-faults.ts';
import { checkLiteral, connectionRules, type SenderOptions } from './connection-rules.ts';
import { codeOf, rootCause } from './network-errors.ts';

export interface GetLimits {
  /** Bounds the whole exchange. */
  readonly timeoutMs: number;
  /** Of the body, also after it is decompressed. */
  readonly maxBytes: number;
}

export interface GetAnswer {
  readonly status: number;
  /** Redirects are not followed: where this one leads. */
  readonly location: string | undefined;
  readonly body: Buffer;
}

/** Why there is no answer, in words that fit behind "cannot be asked: ". */
export class GetFailedError extends Error {
  override name = 'GetFailedError' as const;
}

/**
 * One GET by the rules of every connection.
 * @throws {RemoteAddressError | GetFailedError}
 */
export async function boundedGet(url: URL, options: SenderOptions, limits: GetLimits): Promise<GetAnswer> {
  checkLiteral(url, options);
  const signal = AbortSignal.timeout(limits.timeoutMs);
  try {
    const response = await open(url, options, signal);
    const body = await readBody(response, limits.maxBytes);
    const { statusCode = 0, headers } = response;
    const plain = decompressed(body, headers['content-encoding'], limits.maxBytes);
    return { status: statusCode, location: headers.location, body: plain };
  } catch (error) {
    if (signal.aborted) throw new GetFailedError(`no answer within ${limits.timeoutMs} ms`);
    const cause = rootCause(error as Error);
    if (cause instanceof GetFailedError || !('code' in cause) || codeOf(cause) === 'REMOTE_ADDRESS')
      throw cause;
    const code = codeOf(cause);
    throw new GetFailedError(certificateFault(code) ?? code, { cause });
  }
}

function open(url: URL, options: SenderOptions, signal: AbortSignal): Promise<IncomingMessage> {
  const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const headers = { Accept: 'application/json', 'Accept-Encoding': 'identity' };
    request(url, { ...connectionRules(options), agent: false, headers, signal })
      .once('response', resolve)
      .once('upgrade', (_, socket) => {
        socket.destroy();
        reject(new GetFailedError('it switches protocols'));
      })
      .on('error', reject)
      .end();
  });
}

async function readBody(response: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxBytes) throw tooLarge(maxBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Some servers compress although they were asked not to. */
function decompressed(body: Buffer, encoding: string | undefined, maxOutputLength: number): Buffer {
  const decode = { gzip: gunzipSync, deflate: inflateSync, br: brotliDecompressSync }[encoding ?? ''];
  if (decode === undefined) return body;
  try {
    return decode(body, { maxOutputLength });
  } catch (error) {
    if (codeOf(error as Error) === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(maxOutputLength);
    throw new GetFailedError(`its body is not ${encoding ?? ''}, as Content-Encoding says`);
  }
}

function tooLarge(maxBytes: number): GetFailedError {
  return new GetFailedError(`its answer is larger than ${maxBytes / 1_048_576} MiB`);
}
