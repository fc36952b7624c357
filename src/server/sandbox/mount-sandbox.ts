import { MovableClock } from '../../delivery/movable-clock.ts';
import { newSeed, seededRandom } from '../../event/seeded-random.ts';
import { startSandbox, type RunningSandbox, type StartOptions } from '../../sandbox/start.ts';
import type { Mount } from '../create-handler.ts';
import type { ServerState } from '../server-state.ts';
import type { ServedWebhook } from '../webhooks/served-webhook.ts';
import { ServedWebhooks } from './served-webhooks.ts';

export type MountedSandboxOptions = Pick<StartOptions, 'seed' | 'options'>;

/** Persona's REST API over the server's webhooks and deliveries: under `/api/v1`, with the pages and files that it links to. */
export async function mountSandbox(
  state: ServerState,
  { seed, options }: MountedSandboxOptions,
): Promise<readonly Mount[]> {
  const clock = new MovableClock(state.clock, 1);
  followDefault(state, clock);
  const webhooks = new ServedWebhooks(state, () => running.settings.baseUrl);
  const running: RunningSandbox = await startSandbox({
    ...{ seed, options, clock },
    random: seededRandom(newSeed()),
    ...{ library: state.library, webhooks },
  });
  // What a seed file holds has happened already.
  webhooks.quietly(() => running.begin('http://localhost'));
  state.onReset(() => webhooks.quietly(() => running.reset()));
  const handle = (request: Request) => {
    // Links lead to where the client found the server.
    running.settings.baseUrl = new URL(request.url).origin;
    return running.fetch(request);
  };
  return [
    { prefix: '/api/v1', handle, close: () => running.close() },
    { prefix: '/verify', handle, isPage: true },
    { prefix: '/files', handle, isPage: true },
  ];
}

/** Who moves the clock of the default webhook means the sandbox's time too: expiry, links and decisions. */
function followDefault({ webhooks }: ServerState, clock: MovableClock): void {
  const follow = (webhook: ServedWebhook) => {
    let seenMs = webhook.clock.movedMs;
    webhook.clock.onChange(() => {
      const movedMs = webhook.clock.movedMs - seenMs;
      seenMs = webhook.clock.movedMs;
      if (movedMs > 0 && webhooks.isDefault(webhook)) clock.move(movedMs);
    });
  };
  webhooks.list().forEach(follow);
  webhooks.onChange((change) => {
    if (change.kind === 'created') follow(change.webhook);
  });
}
