import { RemoteAddressError } from './private-addresses.ts';
import type { HttpSender } from '../ports.ts';

/** An address that made-up events may not go to is an attempt that failed, and no reason to stop. */
export function withRefusalsAsOutcomes(sender: HttpSender): HttpSender {
  return {
    send: async (request, limits) => {
      try {
        return await sender.send(request, limits);
      } catch (error) {
        if (!(error instanceof RemoteAddressError)) throw error;
        return { kind: 'unreachable', code: error.code, reason: error.message, timings: { totalMs: 0 } };
      }
    },
  };
}
