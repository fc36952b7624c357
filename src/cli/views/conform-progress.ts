import type { ConformOptions } from '../../conformance/conform.ts';
import { CLEAR_LINE } from '../../text/terminal.ts';
import type { CommandContext } from '../context.ts';

const CELLS = 24;

/** On a terminal, one line that moves, from the first moment. */
export function conformProgress(context: CommandContext): Pick<ConformOptions, 'onResult' | 'onStage'> {
  const { stderr } = context.io;
  if (!stderr.isTty) return {};
  const show = (line: string) => stderr.write(`${CLEAR_LINE}${line.slice(0, stderr.columns - 1)}`);
  const bar = (share: number) => `[${'#'.repeat(share).padEnd(CELLS, '-')}]`;
  return {
    onStage: (receiver, stage) => {
      if (stage.kind === 'diagnosing') show(`${receiver}  looking for the reason`);
      else if (stage.kind === 'waiting')
        show(`${receiver}  limits requests (status ${stage.status}): waiting ${stage.waitMs / 1_000} s`);
      else show(`${bar(0)} 0 of ${stage.total}  ${receiver}  ${stage.first.id} ${stage.first.title}`);
    },
    onResult: (receiver, { check }, { done, total }) => {
      const share = Math.round((done / total) * CELLS);
      show(`${bar(share)} ${done} of ${total}  ${receiver}  ${check.id} ${check.title}`);
    },
  };
}

export function clearProgress({ io: { stderr } }: CommandContext): void {
  if (stderr.isTty) stderr.write(CLEAR_LINE);
}
