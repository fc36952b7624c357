import type { WorkedDelivery, WorkerEvents } from '../../queue/delivery-queue.ts';
import { formatElapsed, formatSpan } from '../../report/duration.ts';
import { attemptRecord } from '../../report/ndjson.ts';
import { printable } from '../../report/printable.ts';
import { answerLine, attemptLine } from '../../report/text.ts';
import type { CommandContext } from '../context.ts';

export interface WorkerViewOptions {
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}

/** Shows a worker's deliveries while they are made: lines for people, or NDJSON. */
export function workerView(options: WorkerViewOptions, context: CommandContext): WorkerEvents {
  const common = notices(options, context);
  if (options.json === true) return { ...common, ...jsonView(context) };
  if (options.quiet === true) return { ...common, attempted: () => {}, settled: () => {} };
  return { ...common, ...textView(options, context) };
}

type Shown = Pick<WorkerEvents, 'attempted' | 'settled'>;

function notices({ quiet }: WorkerViewOptions, context: CommandContext): Omit<WorkerEvents, keyof Shown> {
  return {
    refused: (id, reason) => {
      context.warn(`${id} stays in the queue: ${printable(reason, 400)}`);
    },
    takenOver: (id) => {
      if (quiet !== true)
        context.note(`${id} taken over from a worker that is gone: its attempt is made (again)`);
    },
    trouble: (message) => {
      context.warn(`Redis: ${printable(message)}; nothing is lost, it is tried again`);
    },
  };
}

function jsonView(context: CommandContext): Shown {
  return {
    attempted: ({ id, queued }, attempt, wait) => {
      const { eventId, eventName, url, copy } = queued;
      const job = { eventId, eventName, endpoint: { url: new URL(url), secrets: [] } };
      context.print(JSON.stringify({ ...attemptRecord(job, attempt, wait), copy, deliveryId: id }));
    },
    settled: ({ id, queued }, { state, attempts }) => {
      const { eventId, eventName, url, copy } = queued;
      context.print(
        JSON.stringify({ type: 'delivery', eventId, eventName, url, state, attempts, copy, deliveryId: id }),
      );
    },
  };
}

function textView({ verbose }: WorkerViewOptions, context: CommandContext): Shown {
  const { chalk } = context;
  const title = ({ id, queued: { eventName, copy = 1 } }: WorkedDelivery) =>
    `${chalk.dim(id)} ${chalk.bold(printable(eventName, 60))}${copy === 1 ? '' : ` (copy ${copy})`}`;
  return {
    attempted: (delivery, attempt, wait) => {
      const { policy, url } = delivery.queued;
      const style = { chalk, policy, verbose: verbose === true };
      const next =
        wait === undefined
          ? ''
          : chalk.dim(`; next in ${formatSpan(wait.delayMs)}${real(wait.delayMs, wait.waitMs)}`);
      context.print(`${title(delivery)} ${attemptLine(attempt, url, style).trim()}${next}`);
      const answer = verbose === true ? answerLine(attempt, style) : undefined;
      if (answer !== undefined) context.print(answer);
    },
    settled: (delivery, { state, attempts }) => {
      const count = `${attempts} attempt${attempts === 1 ? '' : 's'}`;
      const end =
        state === 'completed'
          ? chalk.green(`completed after ${count}`)
          : chalk.red(`failed: none of ${count} was accepted`);
      context.print(`${title(delivery)} ${end}`);
    },
  };
}

function real(delayMs: number, waitMs: number): string {
  return delayMs === waitMs ? '' : ` (${formatElapsed(waitMs)} real)`;
}
