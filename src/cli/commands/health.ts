import { UsageError } from '../../errors.ts';
import { httpUrl, shownUrl, urlFault } from '../../text/http-url.ts';
import { ListenError } from '../../receiver/listen.ts';
import { systemClock } from '../../delivery/system-clock.ts';
import { probe } from '../../server/probe.ts';
import type { CommandContext } from '../context.ts';
import { commandOf, flagsOf, GROUP, type ValuesOf } from '../flags/flag.ts';
import { duration } from '../flags/values.ts';

const EXAMPLES = `
Examples:
  $ hookcast health
  $ hookcast health http://hookcast:4665 --wait 30s

Exit code 0 when a hookcast serve answers, 3 when none does: for containers without curl.
`;

const POLL_MS = 100;

const HEALTH = flagsOf(GROUP.where, {
  wait: {
    spelling: '--wait <duration>',
    description: 'how long to wait until it answers, e.g. 30s (default: not at all)',
    parse: duration,
  },
});
type Flags = ValuesOf<typeof HEALTH>;

export const configure = commandOf({
  argument: ['[url]', 'of the server (default: http://127.0.0.1:4665, or HOOKCAST_PORT)'],
  flags: [HEALTH],
  help: EXAMPLES,
  run: checkHealth,
});

async function checkHealth(given: string | undefined, flags: Flags, context: CommandContext): Promise<void> {
  const port = context.io.env['HOOKCAST_PORT'] ?? '';
  const text = given ?? `http://127.0.0.1:${port === '' ? '4665' : port}`;
  const url = httpUrl(text);
  if (url === undefined) {
    if (given === undefined)
      throw new UsageError(`HOOKCAST_PORT ${port}: expected a whole number from 0 to 65535`);
    throw new UsageError(urlFault(text, 'a URL such as http://127.0.0.1:4665'));
  }
  const waitMs = flags.wait ?? 0;
  const version = await answering(url.origin, waitMs, context.io.interrupted);
  if (version !== undefined) {
    context.print(`hookcast ${version} answers at ${shownUrl(text)}`);
    return;
  }
  if (context.io.interrupted.aborted) return;
  const hint =
    waitMs === 0 ? 'start it with hookcast serve, or wait for it with --wait 30s' : 'is it running?';
  throw new ListenError(`no hookcast serve answers at ${shownUrl(text)}; ${hint}`);
}

async function answering(url: string, waitMs: number, signal: AbortSignal): Promise<string | undefined> {
  const endMs = systemClock.now() + waitMs;
  for (;;) {
    const version = await probe(url, signal);
    if (version !== undefined || signal.aborted || systemClock.now() >= endMs) return version;
    await systemClock.sleep(POLL_MS, signal).catch(() => undefined);
  }
}
