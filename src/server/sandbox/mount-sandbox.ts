import { newSeed } from '../../event/seeded-random.ts';
import { resettableRandom } from '../../sandbox/resettable-random.ts';
import { startSandbox, type RunningSandbox, type StartOptions } from '../../sandbox/start.ts';
import type { Mount } from '../create-handler.ts';
import type { ServerState } from '../server-state.ts';
import { ServedClock } from './served-clock.ts';
import { ServedWebhooks } from './served-webhooks.ts';

export type MountedSandboxOptions = Pick<StartOptions, 'seed' | 'options'>;

/** A sandbox over the server's webhooks, deliveries and clock. */
export async function startMounted(
  state: ServerState,
  { seed, options }: MountedSandboxOptions,
): Promise<Pick<Mount, 'answer' | 'close'>> {
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
  return {
    answer: (request) => {
      // Links lead to where the client found the server.
      running.settings.baseUrl = new URL(request.url).origin;
      return running.answer(request);
    },
    close: () => running.close(),
  };
}
