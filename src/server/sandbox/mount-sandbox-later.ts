import type { ApiRequest } from '../api/route.ts';
import type { Mount } from '../create-handler.ts';
import type { ServerState } from '../server-state.ts';
import type { MountedSandboxOptions } from './mount-sandbox.ts';

/** Of `mountSandbox`, and whether links of other sites may lead there. */
const PREFIXES = [
  { prefix: '/api/v1' },
  { prefix: '/inquiry-rules' },
  { prefix: '/verify', isPage: true },
  { prefix: '/files', isPage: true },
] as const;

/**
 * As `mountSandbox`. Without a seed file it is put together with the first request: until then nobody could tell, and
 * the start of a server need not wait for it.
 */
export async function mountSandboxLater(
  state: ServerState,
  options: MountedSandboxOptions,
): Promise<readonly Mount[]> {
  const mount = async () => (await import('./mount-sandbox.ts')).mountSandbox(state, options);
  if (Object.keys(options.seed).length > 0) return mount();
  let mounted: Promise<readonly Mount[]> | undefined;
  const mountAt = async ({ url }: ApiRequest): Promise<Mount> => {
    const mounts = await (mounted ??= mount());
    const { pathname } = new URL(url);
    const found = mounts.find(({ prefix }) => pathname === prefix || pathname.startsWith(`${prefix}/`));
    if (found === undefined) throw new Error(`the sandbox has nothing at ${pathname}`);
    return found;
  };
  const handle = async (request: Request) => (await mountAt(request)).handle(request);
  const answer = async (request: ApiRequest) => {
    const found = await mountAt(request);
    if (found.answer === undefined) throw new Error(`${found.prefix} takes web requests alone`);
    return found.answer(request);
  };
  const close = () => {
    void mounted?.then((mounts) => {
      for (const each of mounts) each.close?.();
    });
  };
  return PREFIXES.map((place) => {
    const isApi = place.prefix === '/api/v1';
    return { ...place, handle, close, ...(isApi ? { answer } : {}) };
  });
}
