import type { SecondOfLoad, Durations, DurationSummary } from '../../load/result.ts';
import { markup, type Markup } from '../conformance/escape-html.ts';
import { formatElapsed, formatSpan } from '../duration.ts';
import { evenBins, type Bin } from './bins.ts';
import { grouped } from './facts.ts';

const [WIDTH, HEIGHT] = [960, 260];
const PLOT = { left: 60, right: 940, top: 24, bottom: 220 };
const BINS = 60;
/** More points than this would be narrower than a pixel. */
const MOST_POINTS = 480;

/** How many attempts took how long, on a logarithmic axis, with the percentiles marked. */
export function distributionPicture(durations: Durations, summary: DurationSummary): Markup {
  const bins = evenBins(durations, BINS);
  const most = Math.max(1, ...bins.map(({ count }) => count));
  const place = timeAxis(bins);
  const bars = bins
    .filter(({ count }) => count > 0)
    .map(({ fromMs, toMs, count }) => {
      const x = place(fromMs);
      const height = Math.max(1, ((PLOT.bottom - PLOT.top) * count) / most);
      const title = `${formatElapsed(fromMs)} to ${formatElapsed(toMs)}: ${grouped(count)}`;
      return markup`<rect class="bar" x="${fixed(x)}" y="${fixed(PLOT.bottom - height)}" width="${fixed(Math.max(1, place(toMs) - x - 1))}" height="${fixed(height)}"><title>${title}</title></rect>
`;
    });
  const label = `Latency of ${grouped(summary.count)} attempts: half within ${formatElapsed(summary.p50Ms)}, 99 % within ${formatElapsed(summary.p99Ms)}, the slowest ${formatElapsed(summary.maxMs)}`;
  return frame(label, [...bars, ...marksOf(summary, place), axes(most), ...ticksOf(bins, place)]);
}

function timeAxis(bins: readonly Bin[]): (ms: number) => number {
  const from = Math.log(bins[0]?.fromMs ?? 1);
  const to = Math.log(bins.at(-1)?.toMs ?? 2);
  const width = PLOT.right - PLOT.left;
  return (ms) => PLOT.left + (width * (Math.log(Math.max(0.001, ms)) - from)) / Math.max(0.001, to - from);
}

function marksOf({ p50Ms, p99Ms }: DurationSummary, place: (ms: number) => number): Markup[] {
  const far = place(p99Ms) - place(p50Ms) > 40;
  const marks = far ? [['p50', p50Ms] as const, ['p99', p99Ms] as const] : ([['p50', p50Ms]] as const);
  return marks.map(([name, ms]) => {
    const x = fixed(place(ms));
    return markup`<line class="mark" x1="${x}" x2="${x}" y1="${PLOT.top - 6}" y2="${PLOT.bottom}"/><text class="middle" x="${x}" y="${PLOT.top - 9}">${name}</text>
`;
  });
}

function ticksOf(bins: readonly Bin[], place: (ms: number) => number): Markup[] {
  const [fromMs, toMs] = [bins[0]?.fromMs ?? 1, bins.at(-1)?.toMs ?? 2];
  const steps = [1, 2, 5].flatMap((digit) =>
    Array.from({ length: 11 }, (_, power) => digit * 10 ** (power - 3)),
  );
  const inside = steps.filter((ms) => ms >= fromMs && ms <= toMs).sort((a, b) => a - b);
  const every = Math.ceil(inside.length / 12);
  return inside
    .filter((_, index) => index % every === 0)
    .map(
      (
        ms,
      ) => markup`<text class="middle" x="${fixed(place(ms))}" y="${PLOT.bottom + 18}">${formatElapsed(ms)}</text>
`,
    );
}

/** Attempts a second that left, were accepted and failed, over the time of the run. */
export function ratePicture(seconds: readonly SecondOfLoad[], tookMs: number): Markup {
  const points = perPoint(seconds, tookMs);
  const most = Math.max(1, ...points.flatMap(({ sent, accepted, failed }) => [sent, accepted, failed]));
  const endSeconds = Math.max(1, tookMs / 1000);
  const line = (name: string, pick: (point: SecondOfLoad) => number) => {
    const path = points.map((point) => {
      const x = PLOT.left + ((PLOT.right - PLOT.left) * point.second) / endSeconds;
      return `${fixed(x)},${fixed(PLOT.bottom - ((PLOT.bottom - PLOT.top) * pick(point)) / most)}`;
    });
    return markup`<polyline class="${name}" points="${path.join(' ')}"/>
`;
  };
  const label = `Attempts a second over ${formatSpan(tookMs)}, at most ${grouped(Math.round(most))}`;
  return frame(label, [
    axes(Math.round(most)),
    line('sent', ({ sent }) => sent),
    line('failed-line', ({ failed }) => failed),
    line('accepted', ({ accepted }) => accepted),
    markup`<text x="${PLOT.left}" y="${PLOT.bottom + 18}">0 s</text><text class="end" x="${PLOT.right}" y="${PLOT.bottom + 18}">${formatElapsed(tookMs)}</text>
`,
  ]);
}

/** Means over the seconds that one point stands for; seconds without data count as zero. */
function perPoint(seconds: readonly SecondOfLoad[], tookMs: number): SecondOfLoad[] {
  const total = Math.max(1, Math.ceil(tookMs / 1000));
  const width = Math.ceil(total / MOST_POINTS);
  const points = Array.from({ length: Math.ceil(total / width) }, (_, index) => ({
    // The middle of the part of it that was in the run.
    second: (index * width + Math.min((index + 1) * width, Math.max(1, tookMs / 1000))) / 2,
    ...{ sent: 0, accepted: 0, failed: 0 },
  }));
  for (const { second, sent, accepted, failed } of seconds) {
    const point = points[Math.min(points.length - 1, Math.floor(second / width))];
    if (point === undefined) continue;
    point.sent += sent / width;
    point.accepted += accepted / width;
    point.failed += failed / width;
  }
  return points;
}

function axes(most: number): Markup {
  return markup`<line class="axis" x1="${PLOT.left}" x2="${PLOT.right}" y1="${PLOT.bottom}" y2="${PLOT.bottom}"/>
<text class="end" x="${PLOT.left - 8}" y="${PLOT.top + 4}">${grouped(most)}</text><text class="end" x="${PLOT.left - 8}" y="${PLOT.bottom}">0</text>
`;
}

function frame(label: string, parts: readonly Markup[]): Markup {
  return markup`<svg role="img" aria-label="${label}" viewBox="0 0 ${WIDTH} ${HEIGHT}">
${parts}</svg>`;
}

function fixed(value: number): string {
  return value.toFixed(1);
}
