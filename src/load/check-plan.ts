import { UsageError } from '../errors.ts';
import { eventsInOutage } from './outage.ts';
import type { LoadPlan } from './plan.ts';

/** The options of a load run as a caller gives them, to `emit` or to `enqueue`. */
export interface GivenPlan extends Pick<
  LoadPlan,
  'count' | 'ratePerSecond' | 'durationMs' | 'outageMs' | 'duplicates' | 'forged' | 'reorder'
> {
  readonly concurrency?: number | undefined;
  readonly workers?: number | undefined;
  readonly mix?: string | undefined;
  readonly scenario?: string | undefined;
}

/** Each has one connection, and a process can have no more of them open to one address. */
export const MOST_CONNECTIONS = 65_535;
export const MOST_WORKERS = 256;
/** A window of the order is held in memory. */
export const MOST_REORDERED = 10_000_000;
const MOST_AFTER_OUTAGE = 10_000_000;

interface Bounds {
  readonly from: number;
  readonly to: number;
  readonly isWhole?: boolean;
  /** `from` itself is too small. */
  readonly isOpen?: boolean;
}

const WHOLE = { from: 1, isWhole: true } as const;
const SHARE = { from: 0, to: 1 } as const;
const ABOVE_ZERO = { from: 0, to: Number.MAX_VALUE, isOpen: true } as const;

const BOUNDS = {
  concurrency: { ...WHOLE, to: MOST_CONNECTIONS },
  workers: { ...WHOLE, to: MOST_WORKERS },
  count: { from: 0, to: Number.MAX_SAFE_INTEGER, isWhole: true },
  ratePerSecond: ABOVE_ZERO,
  durationMs: ABOVE_ZERO,
  outageMs: ABOVE_ZERO,
  duplicates: SHARE,
  forged: SHARE,
  reorder: { ...WHOLE, to: MOST_REORDERED },
} as const satisfies Readonly<Record<string, Bounds>>;

/** @throws {UsageError} naming the option, for a number out of its bounds or options that exclude each other */
export function checkPlan(plan: GivenPlan): void {
  for (const [name, bounds] of Object.entries(BOUNDS) as [keyof typeof BOUNDS, Bounds][]) {
    const value = plan[name];
    if (value === undefined || isWithin(value, bounds)) continue;
    throw new UsageError(`${name} ${value}: expected ${describe(bounds)}`);
  }
  if (plan.mix !== undefined && plan.scenario !== undefined)
    throw new UsageError('mix and scenario both choose the events; give one of them');
  if (plan.outageMs !== undefined) checkOutage(plan.outageMs, plan.ratePerSecond ?? 1);
}

function checkOutage(lengthMs: number, ratePerSecond: number): void {
  const events = eventsInOutage({ lengthMs, ratePerSecond });
  if (events <= MOST_AFTER_OUTAGE) return;
  throw new UsageError(
    `outageMs ${lengthMs}: would queue ${events} events; the limit is ${MOST_AFTER_OUTAGE}`,
  );
}

function isWithin(value: number, { from, to, isWhole = false, isOpen = false }: Bounds): boolean {
  if (!(value >= from && value <= to)) return false;
  return (!isWhole || Number.isInteger(value)) && !(isOpen && value === from);
}

function describe({ from, to, isWhole = false, isOpen = false }: Bounds): string {
  if (isOpen) return `a number above ${from}`;
  return `${isWhole ? 'a whole number' : 'a number'} from ${from} to ${to}`;
}
