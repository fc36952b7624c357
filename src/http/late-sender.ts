import type { HttpSender } from '../ports.ts';
import type { SenderOptions } from './connection-rules.ts';

type Kind = 'undiciSender' | 'burstSender';

/**
 * As the sender of that name. The HTTP client is loaded with the first request: it takes longer than all else until a server
 * answers, and what is loaded is in no timing.
 */
export function lateSender(options: SenderOptions = {}, kind: Kind = 'undiciSender'): HttpSender {
  let sender: HttpSender | undefined;
  const load = async () => {
    const senders = await import('./undici-sender.ts');
    return (sender ??= senders[kind](options));
  };
  const sendLate: HttpSender['send'] = async (request, limits) => {
    const loaded = await load();
    if (limits.signal?.aborted === true) return { kind: 'cancelled', timings: { totalMs: 0 } };
    return loaded.send(request, limits);
  };
  return { send: (request, limits) => sender?.send(request, limits) ?? sendLate(request, limits) };
}
