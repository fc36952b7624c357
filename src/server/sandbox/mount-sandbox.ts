import { newSeed } from '../../event/seeded-random.ts';
import { resettableRandom } from '../../sandbox/resettable-random.ts';
import { startSandbox, type RunningSandbox, type StartOptions } from '../../sandbox/start.ts';
import type { ApiRequest } from '../api/route.ts';
import type { Mount } from '../create-handler.ts';
import type { ServerState } from '../server-state.ts';
import { ServedClock } from './served-clock.ts';
import { ServedWebhooks } from './served-webhooks.ts';

export type MountedSandboxOptions = Pick<StartOptions, 'seed' | 'options'>;

/** Persona's REST API over the server's webhooks and deliveries: under `/api/v1`, with the pages and files that it links to. */
export async function mountSandbox(
  state: ServerState,
  { seed, options }: MountedSandboxOptions,
): Promise<readonly Mount[]> {
  let onSwitch: () => void = () => undefined;
  const webhooks = new ServedWebhooks(state, () => running.settings.baseUrl);
  const clock = new ServedClock(state, () => onSwitch());
  const running: RunningSandbox = await startSandbox({
    ...{ seed, options, clock },
    random: resettableRandom(newSeed()),
    ...{ library: state.library, webhooks },
  });
  onSwitch = () => running.clockChanged();
  // What a seed file holds has happened already.
  webhooks.quietly(() => running.begin('http://localhost'));
  state.onReset(() => webhooks.quietly(() => running.reset()));
  // Links lead to where the client found the server.
  const seenAt = <R extends ApiRequest>(request: R) => {
    running.settings.baseUrl = new URL(request.url).origin;
    return request;
  };
  const handle = (request: Request) => running.fetch(seenAt(request));
  const answer = (request: ApiRequest) => running.answer(seenAt(request));
  return [
    { prefix: '/api/v1', handle, answer, close: () => running.close() },
    { prefix: '/inquiry-rules', handle },
    { prefix: '/verify', handle, isPage: true },
    { prefix: '/files', handle, isPage: true },
  ];
}
