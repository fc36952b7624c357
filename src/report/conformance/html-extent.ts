import type { CheckReport, WireReport } from '../../conformance/report.ts';

/** How much of the wire is shown of a check. */
export interface Extent {
  readonly bodyBytes: number;
  /** A load check has thousands of exchanges. */
  readonly exchanges: number;
}

/** Of failures more, of the rest enough to see what was asked. */
export interface Extents {
  readonly failed: Extent;
  readonly others: Extent;
}

/** A page over a megabyte is slow to open and too large to attach. */
export const PAGE_BYTES = 950_000;

/** From the most to the least: the first that makes a page of at most {@link PAGE_BYTES} is taken. */
export const EXTENTS: readonly Extents[] = [
  { failed: { bodyBytes: 4_096, exchanges: 60 }, others: { bodyBytes: 400, exchanges: 5 } },
  { failed: { bodyBytes: 2_048, exchanges: 20 }, others: { bodyBytes: 400, exchanges: 3 } },
  { failed: { bodyBytes: 1_024, exchanges: 10 }, others: { bodyBytes: 200, exchanges: 2 } },
  { failed: { bodyBytes: 512, exchanges: 5 }, others: { bodyBytes: 100, exchanges: 1 } },
  { failed: { bodyBytes: 200, exchanges: 2 }, others: { bodyBytes: 0, exchanges: 1 } },
];

/** In their order: those that the verdict names, and of the others the first. */
export function shownOf({ wire, actual }: CheckReport, { exchanges }: Extent): readonly WireReport[] {
  if (wire.length <= exchanges) return wire;
  const named = wire.filter(({ label }) => actual.includes(label));
  const chosen = new Set([...new Set([...named, ...wire])].slice(0, exchanges));
  return wire.filter((exchange) => chosen.has(exchange));
}
