import type { Reply } from './api/route.ts';
import { version } from '../text/version.ts';

export const HEALTH = {
  status: 200,
  json: { status: 'ok', version: version() },
} as const satisfies Reply;

/** It is answered before anything of the API is loaded; what `/readyz` says depends on the state. */
export function isProbe(method: string, pathname: string): boolean {
  return (method === 'GET' || method === 'HEAD') && pathname === '/healthz';
}
