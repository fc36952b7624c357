import type { ApiRequest } from '../api/route.ts';
import type { Mount } from '../create-handler.ts';
import type { ServerState } from '../server-state.ts';
import type { MountedSandboxOptions } from './mount-sandbox.ts';

/** Where the sandbox answers, and whether links of other sites may lead there. */
const PLACES = [
  { prefix: '/api/v1', isPage: false },
  { prefix: '/inquiry-rules', isPage: false },
  { prefix: '/verify', isPage: true },
  { prefix: '/files', isPage: true },
] as const;

/**
 * Persona's REST API over the server's webhooks and deliveries: under `/api/v1`, with the pages and files that it links
 * to. Without a seed file it is put together with the first request: until then nobody could tell, and the start of a
 * server need not wait for it.
 */
export async function mountSandboxLater(
  state: ServerState,
  options: MountedSandboxOptions,
): Promise<readonly Mount[]> {
  const start = async () => (await import('./mount-sandbox.ts')).startMounted(state, options);
  let sandbox = Object.keys(options.seed).length > 0 ? Promise.resolve(await start()) : undefined;
  const answer = async (request: ApiRequest) => (await (sandbox ??= start())).answer(request);
  const close = () => void sandbox?.then((running) => running.close());
  return PLACES.map((place) => ({ ...place, answer, close }));
}
