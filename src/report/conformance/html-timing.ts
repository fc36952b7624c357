import { DEFAULT_POLICY } from '../../persona/policies.ts';
import type { CheckReport, WireReport } from '../../conformance/report.ts';
import { formatElapsed } from '../duration.ts';
import { markup, type Markup } from './escape-html.ts';
import { exchangeLine } from './exchange-text.ts';

/** The same in every policy of Persona's. */
const LIMIT_MS = DEFAULT_POLICY.timeoutMs;

const ROW_PX = 30;
const AXIS_PX = 22;

/**
 * A bar per exchange on the time axis of its check, and a dashed line where its five seconds end. Widths are
 * percentages, so that the page's width changes the bars and not the letters.
 */
export function timingPicture(
  wire: readonly WireReport[],
  { id, durationMs }: Pick<CheckReport, 'id' | 'durationMs'>,
): Markup {
  const endMs = Math.max(
    durationMs,
    0.001,
    ...wire.map((exchange) => exchange.startedMs + exchange.durationMs),
  );
  const height = wire.length * ROW_PX + AXIS_PX;
  const slowest = Math.max(...wire.map((exchange) => exchange.durationMs));
  const label = `Timing of ${id}: ${wire.length} exchanges in ${formatElapsed(endMs)}, the slowest took ${formatElapsed(slowest)}`;
  return markup`<svg class="timing" role="img" aria-label="${label}" width="100%" height="${height}">
${wire.map((exchange, index) => bar(exchange, index, endMs))}${axis(height, endMs)}</svg>
<p class="legend">${legendOf(wire, endMs)}</p>`;
}

function bar(exchange: WireReport, index: number, endMs: number): Markup {
  const top = index * ROW_PX;
  const { startedMs, durationMs } = exchange;
  const state = durationMs >= LIMIT_MS ? 'late' : exchange.response === undefined ? 'lost' : 'answered';
  const limit =
    startedMs + LIMIT_MS <= endMs
      ? markup`<line class="limit" x1="${percent(startedMs + LIMIT_MS, endMs)}" x2="${percent(startedMs + LIMIT_MS, endMs)}" y1="${top + 15}" y2="${top + 29}"/>`
      : markup``;
  return markup`<text x="0" y="${top + 12}">${index + 1}. ${exchangeLine(exchange)}</text>
<rect class="${state}" x="${percent(startedMs, endMs)}" y="${top + 17}" width="${percent(durationMs, endMs)}" height="10"/>${limit}
`;
}

function axis(height: number, endMs: number): Markup {
  const y = height - AXIS_PX + 4;
  return markup`<line class="axis" x1="0" x2="100%" y1="${y}" y2="${y}"/>
<text class="tick" x="0" y="${height - 4}">0</text><text class="tick end" x="100%" y="${height - 4}">${formatElapsed(endMs)}</text>
`;
}

function legendOf(wire: readonly WireReport[], endMs: number): string {
  const limit = `Persona's limit of ${formatElapsed(LIMIT_MS)} per attempt`;
  const isOnAxis = wire.some(({ startedMs }) => startedMs + LIMIT_MS <= endMs);
  return isOnAxis ? `Dashed: ${limit}.` : `${limit} lies beyond the right end.`;
}

function percent(ms: number, endMs: number): string {
  return `${((100 * ms) / endMs).toFixed(3)}%`;
}
