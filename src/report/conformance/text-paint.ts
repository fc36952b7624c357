import type { ChalkInstance } from 'chalk';
import type { VerdictKind } from '../../conformance/check.ts';

export function paintVerdict(verdict: VerdictKind, text: string, chalk: ChalkInstance): string {
  const paints = {
    pass: chalk.green,
    'non-strict': chalk.yellow,
    info: chalk.blue,
    fail: chalk.red,
    error: chalk.magenta,
    skipped: chalk.dim,
    'needs-oracle': chalk.cyan,
  } as const satisfies Readonly<Record<VerdictKind, ChalkInstance>>;
  return paints[verdict](text);
}
