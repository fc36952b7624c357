import { CLEAR_LINE } from '../../text/terminal.ts';
import { loadProgressLine, loadProgressRecord } from '../../report/load/progress.ts';
import type { LoadOptions } from '../../simulator/load.ts';
import type { LoadProgress } from '../../load/plan.ts';
import type { CommandContext } from '../context.ts';
import type { LoadFlags } from '../flags/load.ts';

const [REDRAW_MS, RECORD_MS, LINE_MS] = [250, 1_000, 5_000];

/**
 * Shows how far a run is: a line that moves on a terminal, else one every five seconds, or a record every second.
 * @returns what ends it
 */
export function showProgress(
  progress: () => LoadProgress,
  { plan, flags }: { plan: LoadOptions; flags: LoadFlags },
  context: CommandContext,
): () => void {
  const { stderr } = context.io;
  if (flags.json === true) {
    return everyMs(RECORD_MS, () => context.print(JSON.stringify(loadProgressRecord(progress()))));
  }
  if (flags.quiet === true) return () => undefined;
  let before = progress();
  const line = () => {
    const now = progress();
    const text = loadProgressLine(now, { before, plan });
    before = now;
    return text.slice(0, Math.max(20, stderr.columns - 1));
  };
  if (!stderr.isTty) return everyMs(LINE_MS, () => context.note(line()));
  const stop = everyMs(REDRAW_MS, () => stderr.write(CLEAR_LINE + line()));
  return () => {
    stop();
    stderr.write(CLEAR_LINE);
  };
}

function everyMs(ms: number, show: () => void): () => void {
  const timer = setInterval(show, ms);
  return () => clearInterval(timer);
}
