import type { Hono } from 'hono';
import { judgeToken } from '../payload/file-token.ts';
import { API_PATH } from '../persona/api.ts';
import { ApiError } from './errors.ts';
import { checkKey } from './http/access.ts';
import { errorResponse } from './http/answering.ts';
import { handedOn } from './http/call.ts';
import type { SandboxState } from './sandbox-state.ts';
import { nowMs } from './state/environment.ts';

/** One grey pixel: stands for every photo. */
const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR42mNoAAAAggCBd81ytgAAAABJRU5ErkJggg==',
  'base64',
);

/**
 * The files behind the URLs of documents: with an access token that has not expired, and before 2023-01-05 with the
 * API key.
 */
export function fileRoutes(app: Hono, state: SandboxState): void {
  app.get('/files/:name', ({ req }) => {
    const file = `https://files.withpersona.com/${req.param('name')}?access_token=`;
    const seconds = Math.floor(nowMs(state.environment) / 1000);
    const verdict = judgeToken(req.query('access_token') ?? '', file, seconds);
    if (verdict === 'valid') return image();
    const details =
      verdict === 'expired'
        ? 'The access token of this file has expired: read the document again for a fresh URL.'
        : 'The access token does not belong to this file: use the URL as it stands in the document.';
    return handedOn(errorResponse(state, new ApiError(403, details)));
  });
  app.get(`${API_PATH}/files/:token/:name`, ({ req }) => {
    try {
      checkKey(req.header('authorization') ?? null, state.environment.settings);
      return image();
    } catch (error) {
      return handedOn(errorResponse(state, error));
    }
  });
}

function image(): Response {
  return new Response(PIXEL, {
    headers: { 'Content-Type': 'image/png', 'X-Content-Type-Options': 'nosniff' },
  });
}
