import { nodeWireSender } from '../adapters/node-wire.ts';
import { systemClock } from '../adapters/system-clock.ts';
import type { ConformOptions } from '../conform.ts';
import { HookcastError } from '../errors.ts';
import { configureWebhook } from '../webhook/configure.ts';
import { durationOf } from './conform-options.ts';

const POLL_MS = 250;
const PROBE_MS = 2_000;

/** A receiver that cannot be reached: nothing can be said about it. */
export class ReceiverDownError extends HookcastError {
  override name = 'ReceiverDownError' as const;

  constructor(url: URL, waitedMs: number) {
    const waited =
      waitedMs === 0 ? '; is it running? --wait-for 30s waits for it' : ` after ${waitedMs / 1000} s`;
    super('RECEIVER_DOWN', `no connection to ${url.host}${waited}`);
  }
}

/** Resolves when all receivers take connections. @throws {ReceiverDownError} */
export async function waitForReceivers(options: ConformOptions, waitFor: string | undefined): Promise<void> {
  const limitMs = waitFor === undefined ? 0 : durationOf(waitFor, '--wait-for');
  for (const { url } of options.receivers) {
    await waitForOne(configureWebhook({ url }).endpoint.url, { ...options, limitMs });
  }
}

async function waitForOne(
  url: URL,
  options: Omit<ConformOptions, 'receivers'> & { limitMs: number },
): Promise<void> {
  const wire = nodeWireSender(options);
  const endMs = systemClock.now() + options.limitMs;
  for (;;) {
    // Any answer will do, and HEAD asks for the least.
    const exchange = await wire.send(
      { method: 'HEAD', url, headers: [], parts: [] },
      { timeoutMs: PROBE_MS },
    );
    if (exchange.timings.connectMs !== undefined) return;
    if (systemClock.now() >= endMs) throw new ReceiverDownError(url, options.limitMs);
    await systemClock.sleep(POLL_MS, options.signal);
  }
}
