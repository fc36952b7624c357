import type { ChalkInstance } from 'chalk';
import type { VerdictKind } from '../../conformance/check.ts';
import { VERDICTS } from '../../conformance/standing.ts';

export function paintVerdict(verdict: VerdictKind, text: string, chalk: ChalkInstance): string {
  return chalk[VERDICTS[verdict].paint](text);
}
