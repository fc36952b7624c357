import { createServer } from 'node:http';
import { lateSender, type SenderOptions } from '../http/connection-rules.ts';
import { withRefusalsAsOutcomes } from '../http/refusals-as-outcomes.ts';
import type { Delivery } from '../delivery/deliver.ts';
import { MovableClock } from '../delivery/movable-clock.ts';
import { systemClock } from '../delivery/system-clock.ts';
import { REAL_TIME, type TimeScale } from '../delivery/time-scale.ts';
import { newSeed } from '../event/seeded-random.ts';
import { bundledFixtures } from '../fixture/files.ts';
import type { FixtureLibrary } from '../fixture/load.ts';
import { DEFAULT_POLICY, type DeliveryPolicy } from '../persona/policies.ts';
import type { WebhookAttributes } from '../persona/webhook.ts';
import type { Clock, HttpSender } from '../ports.ts';
import { closeServer, listen } from '../receiver/listen.ts';
import { resettableRandom } from './resettable-random.ts';
import { startSandbox, withSecret, type RunningSandbox } from './start.ts';
import { checkOptions } from './check-options.ts';
import type { SandboxLog } from './log.ts';
import type { Seed } from './seed.ts';
import { FASTEST_SCALE, type Decision } from './settings.ts';
import { DeliveringWebhooks } from './webhooks.ts';

export interface SandboxOptions extends SenderOptions, SandboxLog {
  /** 0 takes any free port; false listens on none, and `fetch` is the only way in. @default 0 */
  readonly port?: number | false | undefined;
  /** @default 127.0.0.1 */
  readonly host?: string | undefined;
  /** What the sandbox holds at the start, and after `reset`. */
  readonly seed?: Seed | undefined;
  /** Webhooks beside those of the seed, enabled. */
  readonly webhooks?: readonly WebhookAttributes[] | undefined;
  /** How an inquiry ends by itself. @default none */
  readonly decide?: Decision | undefined;
  /** From an inquiry's creation to its decision, in simulated milliseconds. @default 2000 */
  readonly decideAfterMs?: number | undefined;
  /** Ignores what is not known, with a hint, instead of refusing it. @default false */
  readonly lenient?: boolean | undefined;
  /** Such as `503`, `429:3`, `latency:250ms`, `stale-read:5s` and `early-event`. */
  readonly faults?: readonly string[] | undefined;
  /** Ids follow from it. @default a new one each time */
  readonly randomSeed?: number | undefined;
  /** @default persona-2022 */
  readonly policy?: DeliveryPolicy | undefined;
  /** Simulated seconds per real second. With `Infinity` retries do not wait; all else does, in real time. @default 1 */
  readonly timeScale?: TimeScale | undefined;
  readonly clock?: Clock | undefined;
  readonly sender?: HttpSender | undefined;
  readonly fixtures?: FixtureLibrary | undefined;
}

export interface Sandbox extends AsyncDisposable {
  /** The whole sandbox without a port; give it to a client that takes a `fetch`. */
  readonly fetch: (input: Request | URL | string, init?: RequestInit) => Promise<Response>;
  /** `http://localhost:4665`, without a path; Persona's base URL is `${url}/api/v1`. */
  readonly url: string;
  /** All waits are slept on it: expiry, decisions, and retries, unless they do not wait. */
  readonly clock: MovableClock;
  /** Settled deliveries, the first settled first. */
  readonly deliveries: readonly Delivery[];
  /** Moves the clock; all that falls due happens, each at its time. @param duration - `66s`, `24h`, or milliseconds */
  advance(duration: number | string): Promise<void>;
  /** Brings the seed back, ids included; deliveries under way end. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Persona's REST API on this machine: inquiries, accounts, sessions and webhooks that change as they do there, with
 * the events that follow.
 * @throws {UsageError | ContentError} when options or seed make no sense
 * @throws {ListenError} when the port is taken, or the host is none of this machine's
 * @example
 * await using sandbox = await createSandbox({ webhooks: [{ url: 'http://localhost:3000/hook' }] });
 * const client = new PersonaClient({ baseUrl: `${sandbox.url}/api/v1`, key: 'persona_sandbox_test' });
 */
export async function createSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  await checkOptions(options);
  const { clock, seed, webhooks: given } = withDefaults(options);
  const deliveries: Delivery[] = [];
  const { simulatedClock, random, library, ...sending } = meansOf(options, clock);
  const webhooks = new DeliveringWebhooks({
    ...{ clock, simulatedClock, random },
    ...sending,
    fileOrigin: () => running.settings.baseUrl,
    onDelivery: (delivery) => void deliveries.push(delivery),
  });
  const fill = () => {
    for (const attributes of given) webhooks.create(withSecret(attributes));
  };
  const running: RunningSandbox = await startSandbox({
    ...{ seed, options, clock: simulatedClock, random, webhooks, library, fill },
  });
  const closePort = await begin(running, options);
  return sandboxOf(running, { simulatedClock, deliveries, webhooks, closePort });
}

function withDefaults({ clock = systemClock, seed = {}, webhooks = [] }: SandboxOptions) {
  return { clock, seed, webhooks };
}

/** Listens, and then fills the sandbox, which has to know where it is found. @returns what closes the port */
async function begin(running: RunningSandbox, { port = 0, host = '127.0.0.1' }: SandboxOptions) {
  if (port === false) {
    running.begin('http://localhost');
    return undefined;
  }
  const { url, close } = await listenAt(running, { port, host });
  try {
    running.begin(url);
  } catch (error) {
    await close();
    throw error;
  }
  return close;
}

function meansOf(options: SandboxOptions, clock: Clock) {
  const { timeScale = REAL_TIME } = options;
  const isTooFast = timeScale > FASTEST_SCALE;
  return {
    simulatedClock: new MovableClock(clock, isTooFast ? REAL_TIME : timeScale),
    retryScale: isTooFast ? timeScale : undefined,
    random: resettableRandom(options.randomSeed ?? newSeed()),
    library: options.fixtures ?? bundledFixtures(),
    policy: options.policy ?? DEFAULT_POLICY,
    sender: options.sender ?? withRefusalsAsOutcomes(lateSender(options)),
  };
}

interface Parts {
  readonly simulatedClock: MovableClock;
  readonly deliveries: Delivery[];
  readonly webhooks: DeliveringWebhooks;
  readonly closePort: (() => Promise<void>) | undefined;
}

function sandboxOf(
  running: RunningSandbox,
  { simulatedClock, deliveries, webhooks, closePort }: Parts,
): Sandbox {
  const close = async () => {
    running.close();
    webhooks.clear();
    await closePort?.();
  };
  return {
    fetch: async (input, init) =>
      running.fetch(input instanceof Request ? new Request(input, init) : new Request(input, init)),
    url: running.settings.baseUrl,
    clock: simulatedClock,
    deliveries,
    advance: (duration) => simulatedClock.advance(duration),
    reset: async () => {
      webhooks.clear();
      deliveries.length = 0;
      running.reset();
      await new Promise(setImmediate);
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Loaded with the first port: `fetch` alone needs no server. @throws {ListenError} */
async function listenAt(running: RunningSandbox, { port, host }: { port: number; host: string }) {
  const { getRequestListener } = await import('@hono/node-server');
  const listener = getRequestListener(running.fetch, { overrideGlobalObjects: false });
  const server = createServer((incoming, outgoing) => void listener(incoming, outgoing));
  const url = await listen(server, { port, host });
  return { url: url.replace('//127.0.0.1:', '//localhost:'), close: () => closeServer(server) };
}
