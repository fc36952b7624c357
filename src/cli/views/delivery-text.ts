import type { Attempt } from '../../delivery/attempt.ts';
import type { DeliveryEnd } from '../../delivery/observer.ts';
import type { MovableClock } from '../../delivery/movable-clock.ts';
import type { Wait } from '../../delivery/schedule.ts';
import { formatSpan } from '../../report/duration.ts';
import { printable } from '../../text/printable.ts';
import { refusalHint } from '../../report/refusal-hint.ts';
import {
  answerLine,
  attemptLine,
  attemptNumber,
  attemptResult,
  endLine,
  waitLine,
  type TextStyle,
} from '../../report/text.ts';
import { wrapIndented } from '../../text/wrap.ts';
import type { CommandContext } from '../context.ts';
import { inFlags } from '../flags/in-flags.ts';
import type { DeliveryView, ShownDelivery, ViewOptions } from './view.ts';

/** Nothing is known of the wait for the next event but when it is over. */
const GAP = 'next event';
/** Under the result of an attempt. */
const MARGIN = ' '.repeat(10);
const TIME_WIDTH = 10;

/** Lines for people, and on a terminal the live line below them. */
export class TextView implements DeliveryView<ShownDelivery> {
  readonly #context: CommandContext;
  readonly #options: ViewOptions;
  /** Receivers whose refusal was explained. */
  readonly #explained = new Set<string>();

  constructor(context: CommandContext, options: ViewOptions) {
    this.#context = context;
    this.#options = options;
  }

  waiting({ delayMs }: Wait, clock: MovableClock): void {
    this.#options.countdown?.start(GAP, delayMs, clock);
  }

  began(shown: ShownDelivery): void {
    const { countdown } = this.#options;
    countdown?.stop(GAP);
    if (this.#isAlone) {
      this.#say(`${this.#title(shown)}  ${shown.eventId}`);
      this.#say(`  to ${shown.url}`);
    }
    countdown?.attempt(keyOf(shown), shown.policy.timeoutMs);
  }

  attempted(shown: ShownDelivery, attempt: Attempt, wait: Wait | undefined): void {
    const { countdown, verbose = false } = this.#options;
    const style = this.#style(shown);
    countdown?.stop(keyOf(shown));
    const next = this.#isAlone ? '' : this.#next(shown, wait);
    this.#say(inFlags(this.#row(shown, attempt), this.#context.command) + next);
    const answer = verbose ? answerLine(attempt, style) : undefined;
    if (answer !== undefined) this.#say(answer);
    this.#explain(shown, attempt);
    if (wait === undefined) return;
    if (countdown !== undefined && shown.clock !== undefined)
      countdown.start(keyOf(shown), wait.delayMs, shown.clock);
    else if (this.#isAlone) this.#say(waitLine(wait, style));
  }

  settled(shown: ShownDelivery, end: DeliveryEnd): void {
    this.#options.countdown?.stop(keyOf(shown));
    const text = this.#endText(shown, end);
    if (text === undefined) return;
    this.#say(
      this.#isAlone ? text : `${this.#head(shown)}${shown.deliveryId === undefined ? '  ' : ' '}${text}`,
    );
  }

  get #isAlone(): boolean {
    return this.#options.names === 'none';
  }

  #row(shown: ShownDelivery, attempt: Attempt): string {
    const style = this.#style(shown);
    if (this.#isAlone) return attemptLine(attempt, shown.url, style);
    if (shown.deliveryId !== undefined)
      return `${this.#head(shown)} ${attemptLine(attempt, shown.url, style).trim()}`;
    const result = attemptResult(attempt, shown.url, style);
    const number = isAcceptedAtOnce(attempt) ? '' : `${attemptNumber(attempt, style)} `;
    return `${this.#head(shown, attempt.simulatedElapsedMs)}  ${number}${result}`;
  }

  /** Where no live line shows it. */
  #next(shown: ShownDelivery, wait: Wait | undefined): string {
    if (wait === undefined || (this.#options.countdown !== undefined && shown.clock !== undefined)) return '';
    return this.#context.chalk.dim('; ') + waitLine(wait, this.#style(shown)).replace(MARGIN, '');
  }

  /** What a line is about: when, since the start of a scenario, and which delivery. */
  #head(shown: ShownDelivery, elapsedMs?: number): string {
    const { dueMs, deliveryId, eventId } = shown;
    const title = this.#title(shown);
    if (deliveryId !== undefined) return `${this.#context.chalk.dim(deliveryId)} ${title}`;
    if (dueMs === undefined) return `${title}  ${eventId}`;
    const time = elapsedMs === undefined ? '' : `T+${formatSpan(dueMs + elapsedMs)}`;
    return `${time.padEnd(TIME_WIDTH)}${title}  ${eventId}`;
  }

  #title({ eventName, copy = 1, url }: ShownDelivery): string {
    const name = this.#context.chalk.bold(printable(eventName, 60));
    const target = this.#options.names === 'each with its receiver' ? ` → ${receiverOf(url)}` : '';
    return `${name}${copy === 1 ? '' : ` (copy ${copy})`}${target}`;
  }

  /** Undefined where the line of the last attempt has said it. */
  #endText(shown: ShownDelivery, end: DeliveryEnd): string | undefined {
    const { chalk } = this.#context;
    if (this.#options.isKept === true && isInterrupted(end, this.#context))
      return chalk.yellow('interrupted, and kept in the journal');
    if (end.state === 'completed' && !this.#isAlone && shown.deliveryId === undefined) return undefined;
    const reason = end.state === 'skipped' ? shown.skipReason?.() : undefined;
    return endLine(end, this.#style(shown)) + (reason === undefined ? '' : ` (${reason})`);
  }

  /** Once for each receiver: nine attempts are refused for one reason. */
  #explain({ url, isDevelopmentSecret, policy }: ShownDelivery, { outcome }: Attempt): void {
    if (this.#explained.has(url)) return;
    const isFrozen = this.#options.frozen;
    const hint = refusalHint(outcome, { url, isDevelopmentSecret, isFrozen, policy });
    if (hint === undefined) return;
    this.#explained.add(url);
    this.#say(MARGIN + this.#context.chalk.dim(hint));
  }

  #style({ policy, credentials }: ShownDelivery): TextStyle {
    return { chalk: this.#context.chalk, policy, credentials, verbose: this.#options.verbose === true };
  }

  /** Broken at spaces where the terminal is too narrow for it. */
  #say(line: string): void {
    const { stdout } = this.#context.io;
    this.#options.countdown?.clear();
    this.#context.print(stdout.isTty ? wrapIndented(line, Math.max(20, stdout.columns - 1), 4) : line);
  }
}

function receiverOf(url: string): string {
  const { host, pathname } = new URL(url);
  return host + pathname;
}

function isAcceptedAtOnce({ attempt, outcome }: Attempt): boolean {
  return attempt === 1 && outcome.kind === 'accepted';
}

function keyOf({ eventId, copy = 1, url, deliveryId = '' }: ShownDelivery): string {
  return `${deliveryId} ${eventId} ${copy} ${url}`;
}

/** With a journal it is not settled: it goes on at the next resume. */
export function isInterrupted({ state }: DeliveryEnd, { io }: CommandContext): boolean {
  return state === 'cancelled' && io.interrupted.aborted;
}
