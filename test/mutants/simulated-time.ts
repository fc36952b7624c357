import type { WireSender } from '../../src/http/wire.ts';

/** A slow mutant says with this header how slow it is, instead of being it. */
export const SIMULATED_MS_HEADER = 'Simulated-Ms';

/** Counts the time that an answer says it took, so that slowness is exact and costs none. */
export function withSimulatedTime(wire: WireSender): WireSender {
  return {
    close: () => wire.close(),
    send: async (request, limits) => {
      const exchange = await wire.send(request, limits);
      if (exchange.kind !== 'response') return exchange;
      const takenMs = Number(exchange.response.headers[SIMULATED_MS_HEADER.toLowerCase()] ?? 0);
      if (takenMs === 0) return exchange;
      const timings = { ...exchange.timings, totalMs: exchange.timings.totalMs + takenMs };
      if (takenMs < limits.timeoutMs) return { ...exchange, timings };
      return { kind: 'timed-out', phase: 'headers', timings: { totalMs: limits.timeoutMs } };
    },
  };
}
