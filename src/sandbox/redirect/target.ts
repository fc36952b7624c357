import { API_HOSTS, API_PATH } from '../../persona/api.ts';

export const DEFAULT_SANDBOX_URL = 'http://localhost:4665';

/**
 * Where a request to Persona's API goes instead: `https://api.withpersona.com/api/v1/…` and
 * `https://withpersona.com/api/v1/…`. Undefined for every other URL.
 */
export function redirected(url: URL, sandbox: URL): URL | undefined {
  const isPersona = API_HOSTS.some((host) => host === url.hostname);
  const isApi = url.hostname === API_HOSTS[0] || url.pathname.startsWith(`${API_PATH}/`);
  if (!isPersona || !isApi) return undefined;
  const target = new URL(url);
  target.protocol = sandbox.protocol;
  target.hostname = sandbox.hostname;
  target.port = sandbox.port;
  return target;
}
