import { deliver, type Delivery, type DeliveryJob } from '../delivery/deliver.ts';
import { UsageError } from '../errors.ts';
import type { DeliveryPolicy } from '../persona/policies.ts';
import type { PlannedReplay } from '../recording/plan.ts';
import { frozenRequest, signedRequest } from '../recording/request.ts';
import { runScenario, type DeliverMeans, type RunHooks } from '../scenario/run.ts';
import type { SimulatorDeps } from './deps.ts';

export interface ReplayOptions extends RunHooks<PlannedReplay> {
  /** Send every header as it was recorded, the old signature with it, and each request once. @default false */
  readonly frozen?: boolean | undefined;
  /** Send each request once, with the recorded headers that count the attempts. @default false */
  readonly everyAttempt?: boolean | undefined;
  /** Attempt again by the policy when a request fails. @default true */
  readonly retries?: boolean | undefined;
}

/**
 * Sends recorded bodies to the webhook, byte for byte, each at its time.
 * @throws {UsageError} for `frozen` with a body that is no longer the one that was signed
 */
export function replayRecordings(
  deps: SimulatorDeps,
  plan: readonly PlannedReplay[],
  options: ReplayOptions = {},
): Promise<Delivery[]> {
  if (options.frozen === true) checkUnaltered(plan);
  return runScenario(plan, {
    ...options,
    clock: deps.clock,
    simulatedClock: deps.simulatedClock,
    deliver: (replay, means) =>
      deps.simulatedClock.during(() => deliverOne(deps, replay, { options, means })),
  });
}

function deliverOne(
  deps: SimulatorDeps,
  replay: PlannedReplay,
  { options, means }: { options: ReplayOptions; means: DeliverMeans },
): Promise<Delivery> {
  const { recording } = replay;
  const { endpoint } = deps.webhook;
  const keepsAttempt = options.everyAttempt === true;
  const job: DeliveryJob = {
    eventId: recording.eventId ?? 'no event id',
    eventName: recording.eventName ?? 'no event name',
    body: recording.body,
    endpoint,
    requestFor: (position) =>
      options.frozen === true
        ? frozenRequest(recording, endpoint)
        : signedRequest(recording, endpoint, { position, keepsAttempt }),
  };
  return deliver(job, { ...deps, ...means, policy: replayPolicy(deps.policy, options) });
}

/** The policy that a replay really has: without delays where each request is sent once. */
export function replayPolicy(
  policy: DeliveryPolicy,
  { frozen, everyAttempt, retries }: Pick<ReplayOptions, 'frozen' | 'everyAttempt' | 'retries'>,
): DeliveryPolicy {
  const isOnce = frozen === true || everyAttempt === true || retries === false;
  return isOnce ? { ...policy, delaysSeconds: [] } : policy;
}

const REASONS = {
  scrubbed: 'its personal data was replaced',
  're-encoded': 'whoever saved it changed the body',
} as const;

function checkUnaltered(plan: readonly PlannedReplay[]): void {
  const altered = plan.find(({ recording }) => recording.altered !== undefined)?.recording;
  if (altered?.altered === undefined) return;
  throw new UsageError(
    `\`frozen\`: ${altered.eventId ?? 'a recording'} is not as it arrived (${REASONS[altered.altered]}), ` +
      `so the old signature does not fit; without \`frozen\` it is signed again`,
  );
}
