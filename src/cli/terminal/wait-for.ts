import { nodeWireSender } from '../../http/node-wire.ts';
import { certificateFault } from '../../delivery/certificate-faults.ts';
import { systemClock } from '../../delivery/system-clock.ts';
import type { ConformOptions } from '../../conformance/conform.ts';
import { ReceiverDownError } from '../../conformance/receiver-down.ts';
import { UsageError } from '../../errors.ts';
import { DEFAULT_POLICY } from '../../persona/policies.ts';
import type { Exchange } from '../../ports.ts';
import { describeOutcome } from '../../report/describe-outcome.ts';
import { configureWebhook } from '../../webhook/configure.ts';

const POLL_MS = 250;
const PROBE_MS = 2_000;

/** Resolves when all receivers take connections, or at Ctrl-C. @throws {ReceiverDownError | UsageError} */
export async function waitForReceivers(options: ConformOptions, limitMs: number): Promise<void> {
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
    if (exchange.timings.connectMs !== undefined || options.signal?.aborted === true) return;
    const reason = reasonOf(exchange, url);
    const isUp = exchange.kind === 'unreachable' && certificateFault(exchange.code) !== undefined;
    if (isUp || systemClock.now() >= endMs)
      throw new ReceiverDownError(url, {
        waitedMs: options.limitMs,
        reason,
        isUp,
        advice: adviceAfter(options.limitMs),
      });
    await systemClock.sleep(POLL_MS, options.signal).catch(() => undefined); // Ctrl-C is seen above.
  }
}

function adviceAfter(waitedMs: number): string {
  return `is your receiver running?${waitedMs === 0 ? ' --wait-for 30s waits for it' : ''}`;
}

/** @throws {UsageError} for a name that leads away from home: waiting does not help */
function reasonOf(exchange: Exchange, { hostname, href }: URL): string {
  if (exchange.kind !== 'unreachable') return 'no answer';
  if (exchange.code === 'REMOTE_ADDRESS') throw new UsageError(exchange.reason);
  const words: Readonly<Record<string, string>> = {
    ECONNREFUSED: 'nothing listens there',
    ENOTFOUND: `${hostname} is not known`,
    EAI_AGAIN: `${hostname} cannot be looked up`,
  };
  return words[exchange.code] ?? describeOutcome(exchange, DEFAULT_POLICY, href);
}
