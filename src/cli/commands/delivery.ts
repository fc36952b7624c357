import type { StoredAttempt, StoredDelivery } from '../../journal/delivery-store.ts';
import { DEFAULT_POLICY } from '../../persona/policies.ts';
import { answerText } from '../../report/answer-text.ts';
import { describeOutcome } from '../../report/describe-outcome.ts';
import { formatElapsed, formatSpan } from '../../report/duration.ts';
import { refusalHint } from '../../report/refusal-hint.ts';
import { maskHeader, maskHeaders, maskText } from '../../text/mask.ts';
import { printable } from '../../text/printable.ts';
import type { CommandContext } from '../context.ts';
import { curlLine } from '../../text/curl-line.ts';
import { findDeliveries, unknownDelivery } from '../steps/find-delivery.ts';
import { deliveryRecord } from '../views/delivery-record.ts';
import { commandOf, reworded, type ValuesOf } from '../flags/flag.ts';
import { inFlags } from '../flags/in-flags.ts';
import { BODY_ONLY, OUTPUT } from '../flags/run.ts';
import { STORE, openNamedStore, type StoreFlags } from '../flags/store.ts';

const EXAMPLES = `
Examples:
  $ hookcast delivery d12 --journal hookcast.db
  $ hookcast delivery d12 --journal hookcast.db --body > body.json
  $ hookcast delivery d12 --journal hookcast.db --json

The curl line sends the very bytes of --body; write them to body.json first. Its signature is as old as the attempt.
`;

const SHOWN = { body: BODY_ONLY, json: reworded(OUTPUT.json, 'one JSON object') };

type Flags = StoreFlags & ValuesOf<typeof SHOWN>;

export const configure = commandOf({
  argument: ['<delivery|event id>', 'd12, an id of a queue, or evt_…'],
  flags: [STORE, SHOWN],
  help: EXAMPLES,
  run: showDelivery,
});

async function showDelivery(id: string, flags: Flags, context: CommandContext): Promise<void> {
  await using open = await openNamedStore(flags, context);
  const { store } = open;
  const found = await findDeliveries(open, id);
  const delivery = await store.find(found[0]?.id ?? id);
  if (delivery === undefined) throw await unknownDelivery(open, id);
  if (flags.body === true) context.io.stdout.write(delivery.body);
  else if (flags.json === true) context.print(JSON.stringify(deliveryRecord(delivery)));
  else printDelivery(delivery, context, open.isAtWork);
  const others = found.slice(1).map((other) => other.id);
  if (others.length > 0) context.note(`this event has other deliveries: ${others.join(', ')}`);
  if ((store.unreadable ?? 0) > 0) context.warn('the journal is damaged: a part of this could not be read');
}

function printDelivery(delivery: StoredDelivery, context: CommandContext, isAtWork: boolean): void {
  const { chalk } = context;
  const { id, eventName, eventId, url, state, attemptsMade, attemptsTotal, body } = delivery;
  context.print(`${id} ${chalk.bold(printable(eventName))}  ${printable(eventId)}`);
  context.print(`  to ${printable(url)}  ${body.length} bytes`);
  context.print(`  ${state}, ${attemptsMade} of ${attemptsTotal} attempts made`);
  printNext(delivery, context, isAtWork);
  for (const attempt of delivery.attempts) printAttempt(attempt, delivery, context);
  const last = delivery.attempts.at(-1);
  if (last?.outcome !== undefined) printHint(refusalHint(last.outcome, { url }), context);
  // A load run's headers are not kept.
  if (last === undefined || Object.keys(last.requestHeaders).length === 0) return;
  context.print();
  context.print(curlLine(url, maskHeaders(last.requestHeaders)));
}

function printNext(delivery: StoredDelivery, context: CommandContext, isAtWork: boolean): void {
  const { state, nextAttemptAtMs } = delivery;
  if (nextAttemptAtMs !== undefined) {
    const leftMs = nextAttemptAtMs - Date.now();
    const when = leftMs <= 0 ? 'overdue' : `in ${formatSpan(leftMs)}`;
    context.print(`  next attempt ${when} (${new Date(nextAttemptAtMs).toISOString()})`);
  }
  if (state === 'pending' && nextAttemptAtMs === undefined)
    context.print(
      isAtWork ? '  an attempt is under way' : '  interrupted in an attempt: hookcast resume makes it again',
    );
}

function printHint(hint: string | undefined, context: CommandContext): void {
  if (hint !== undefined) context.print(`  ${context.chalk.dim(hint)}`);
}

function printAttempt(attempt: StoredAttempt, { url }: StoredDelivery, context: CommandContext): void {
  const { chalk } = context;
  const { outcome, timings, requestHeaders, startedAtMs } = attempt;
  context.print();
  context.print(
    chalk.bold(`attempt ${attempt.attempt}`) + chalk.dim(`  ${new Date(startedAtMs).toISOString()}`),
  );
  for (const [name, value] of Object.entries(requestHeaders))
    context.print(chalk.dim(`  > ${printable(name)}: ${printable(maskHeader(name, value))}`));
  if (outcome === undefined) {
    context.print('  outcome unknown; such an attempt is repeated under the same number');
    return;
  }
  const took = timings === undefined ? '' : ` (${formatElapsed(timings.totalMs)})`;
  const seen = printable(describeOutcome(outcome, DEFAULT_POLICY, url));
  context.print(`  ${inFlags(seen, context.command)}${took}`);
  if (outcome.kind !== 'accepted' && outcome.kind !== 'rejected') return;
  for (const [name, value] of Object.entries(outcome.response.headers))
    context.print(chalk.dim(`  < ${printable(name)}: ${printable(maskHeader(name, String(value)))}`));
  const text = outcome.response.body.length === 0 ? '' : answerText(outcome.response);
  if (text !== '') context.print(chalk.dim(`  < ${printable(maskText(text), 1_000)}`));
}
