import type { ChalkInstance } from 'chalk';
import type { Attempt } from '../delivery/attempt.ts';
import type { Delivery, Wait } from '../delivery/deliver.ts';
import type { DeliveryEnd } from '../delivery/observer.ts';
import { attemptCount, scheduleOf } from '../delivery/schedule.ts';
import { scaledMs, type TimeScale } from '../delivery/time-scale.ts';
import type { DeliveryPolicy } from '../persona/policies.ts';
import { answerText } from './answer-text.ts';
import { counted } from '../text/plural.ts';
import { describeOutcome } from './describe-outcome.ts';
import { formatElapsed, formatSpan } from './duration.ts';
import { maskText } from '../text/mask.ts';
import { printable } from '../text/printable.ts';

/** How lines for people are made up: colours, and the policy that the words depend on. */
export interface TextStyle {
  readonly chalk: ChalkInstance;
  readonly policy: DeliveryPolicy;
  /** Show what the receiver answered. */
  readonly verbose: boolean;
  /** Texts that no answer may show. */
  readonly credentials?: readonly string[] | undefined;
}

/** `  2 of 9  T+3s        ✗ 500 Internal Server Error (12 ms)` */
export function attemptLine(attempt: Attempt, url: string, style: TextStyle): string {
  const time = `T+${formatSpan(attempt.simulatedElapsedMs)}`.padEnd(TIME_WIDTH);
  return `${' '.repeat(attempt.attempt < 10 ? 2 : 1)}${attemptNumber(attempt, style)}  ${time}  ${attemptResult(attempt, url, style)}`;
}

/** Wide enough for the longest schedule. */
const TIME_WIDTH = 10;

/** `2 of 9` */
export function attemptNumber({ attempt }: Attempt, { policy }: TextStyle): string {
  return `${attempt} of ${attemptCount(policy)}`;
}

/** `✗ 500 Internal Server Error (12 ms)` */
export function attemptResult(attempt: Attempt, url: string, { chalk, policy }: TextStyle): string {
  const mark = attempt.outcome.kind === 'accepted' ? chalk.green('✓') : chalk.red('✗');
  const took = chalk.dim(`(${formatElapsed(attempt.timings.totalMs)})`);
  return `${mark} ${describeOutcome(attempt.outcome, policy, url)} ${took}`;
}

/** What the receiver answered, one indented line; undefined when there is nothing to show. */
export function answerLine({ outcome }: Attempt, { chalk, credentials }: TextStyle): string | undefined {
  if (outcome.kind !== 'accepted' && outcome.kind !== 'rejected') return undefined;
  const { response } = outcome;
  if (response.body.length === 0) return undefined;
  const cut = response.truncated ? ' (cut)' : '';
  return chalk.dim(`          answer: ${printable(maskText(answerText(response), credentials))}${cut}`);
}

/** `          next in 12m 11s (0.73 s of real time)` */
export function waitLine({ delayMs, waitMs }: Wait, { chalk }: TextStyle): string {
  const real = delayMs === waitMs ? '' : ` (${formatElapsed(waitMs)} of real time)`;
  return chalk.dim(`          next in ${formatSpan(delayMs)}${real}`);
}

/** `completed after 2 attempts` */
export function endLine({ state, attempts: count }: DeliveryEnd, { chalk, policy }: TextStyle): string {
  const attempts = counted(count, 'attempt');
  switch (state) {
    case 'completed':
      return chalk.green(`completed after ${attempts}`);
    case 'failed':
      if (policy.delaysSeconds.length === 0) return chalk.red('failed: not accepted; it was sent once');
      return chalk.red(`failed: none of ${attempts} was accepted, and Persona would not try again`);
    case 'skipped':
      return chalk.yellow('skipped: nothing was sent');
    case 'cancelled':
      return chalk.yellow(`cancelled after ${attempts}`);
  }
}

/** `12 events, 14 deliveries: 13 completed, 1 failed` */
export function summaryLine(deliveries: readonly Delivery[]): string {
  const events = new Set(deliveries.map(({ eventId }) => eventId)).size;
  const states = (['completed', 'failed', 'skipped', 'cancelled'] as const)
    .map((wanted) => ({ wanted, count: deliveries.filter(({ state }) => state === wanted).length }))
    .filter(({ count }) => count > 0)
    .map(({ wanted, count }) => `${count} ${wanted}`);
  const [eventCount, deliveryCount] = [counted(events, 'event'), counted(deliveries.length, 'delivery')];
  return `${eventCount}, ${deliveryCount}: ${states.join(', ')}`;
}

/** The table of `hookcast schedule`. */
export function scheduleTable(policy: DeliveryPolicy, scale: TimeScale): string {
  const isScaled = scale !== 1;
  const head = ['attempt', 'delay', 'after the first', ...(isScaled ? ['real wait', 'real total'] : [])];
  const rows = scheduleOf(policy).map(({ attempt, delaySeconds, offsetSeconds }) => [
    String(attempt),
    delaySeconds === 0 ? '-' : `${delaySeconds} s`,
    `T+${formatSpan(offsetSeconds * 1000)}`,
    ...(isScaled ? [scaled(delaySeconds, scale), scaled(offsetSeconds, scale)] : []),
  ]);
  return table([head, ...rows]);
}

function scaled(seconds: number, scale: TimeScale): string {
  return formatElapsed(scaledMs(seconds, scale));
}

/** Columns as wide as their widest cell, two spaces apart; the last is not padded. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
