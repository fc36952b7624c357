import type { DeliveryFilter, DeliverySummary } from '../../journal/delivery-store.ts';
import { formatSpan } from '../../report/duration.ts';
import { EVENT_NAMES, isEventName } from '../../persona/event-names.ts';
import { didYouMean } from '../../text/nearest.ts';
import { printable } from '../../text/printable.ts';
import { table } from '../../report/text.ts';
import type { CommandContext } from '../context.ts';
import { STORE, openNamedStore, type StoreFlags } from '../flags/store.ts';
import { commandOf, flagsOf, GROUP, reworded, type ValuesOf } from '../flags/flag.ts';
import { OUTPUT } from '../flags/run.ts';
import { LIMIT } from '../flags/replay.ts';

const EXAMPLES = `
Examples:
  $ hookcast deliveries --journal hookcast.db
  $ hookcast deliveries --journal hookcast.db --state failed
  $ hookcast deliveries --journal hookcast.db --event inquiry.approved --json
  $ hookcast deliveries --redis redis://127.0.0.1:6379 --state pending
`;

const STATES = ['pending', 'completed', 'failed', 'skipped', 'cancelled'] as const;
const DEFAULT_LIMIT = 100;
const LIST = {
  ...flagsOf(GROUP.what, {
    state: { spelling: '--state <state>', description: 'only these', choices: STATES },
    event: { spelling: '--event <id|name>', description: 'only of this event, or of events of this name' },
  }),
  limit: reworded(LIMIT, `show up to n (default: ${DEFAULT_LIMIT}; with --json all)`),
  json: reworded(OUTPUT.json, 'one JSON object per delivery (NDJSON)'),
};
type Flags = StoreFlags & ValuesOf<typeof LIST>;

/** Of the column of names. */
const NARROWEST = 12;

export const configure = commandOf({ flags: [STORE, LIST], help: EXAMPLES, run: listDeliveries });

async function listDeliveries(flags: Flags, context: CommandContext): Promise<void> {
  warnOfUnknownEvent(flags.event, context);
  await using open = await openNamedStore(flags, context);
  const { store } = open;
  const limit = flags.limit ?? (flags.json === true ? Infinity : DEFAULT_LIMIT);
  const rows: DeliverySummary[] = [];
  let count = 0;
  let hasMore = false;
  for await (const delivery of store.list(filterOf(flags))) {
    if (count === limit) {
      hasMore = true; // Not counted: a journal can hold millions.
      break;
    }
    count += 1;
    if (flags.json === true) context.print(JSON.stringify(recordOf(delivery)));
    else rows.push(delivery);
  }
  if (flags.json !== true) printRows(rows, { context, isAtWork: open.isAtWork });
  if (hasMore) context.note('there are more; see --limit, --state and --event');
  if ((store.unreadable ?? 0) > 0) context.warn('the journal is damaged: some deliveries could not be read');
}

/** Only a warning: a journal may hold events with names of the user's own. */
function warnOfUnknownEvent(event: string | undefined, context: CommandContext): void {
  if (event === undefined || event.startsWith('evt_') || isEventName(event)) return;
  context.warn(`--event ${printable(event)}: not an event of Persona's${didYouMean(event, EVENT_NAMES)}`);
}

function filterOf({ state, event }: Flags): DeliveryFilter {
  if (event === undefined) return { state };
  return event.startsWith('evt_') ? { state, eventId: event } : { state, eventName: event };
}

function recordOf({ createdAtMs, nextAttemptAtMs, ...rest }: DeliverySummary) {
  return { ...rest, createdAt: isoTime(createdAtMs), nextAttemptAt: isoTime(nextAttemptAtMs) };
}

/** Null for what is not a time: the journal may be damaged. */
function isoTime(ms: number | undefined): string | null {
  return ms === undefined || !(Math.abs(ms) < 8e15) ? null : new Date(ms).toISOString();
}

function printRows(
  rows: readonly DeliverySummary[],
  { context, isAtWork }: { context: CommandContext; isAtWork: boolean },
): void {
  if (rows.length === 0) {
    context.note('no deliveries');
    return;
  }
  const nowMs = Date.now();
  const draw = (eventWidth: number) => {
    const lines = rows.map((delivery) => [
      delivery.id,
      delivery.state,
      `${delivery.attemptsMade}/${delivery.attemptsTotal}`,
      nextOf(delivery, { nowMs, isAtWork }),
      printable(delivery.eventName, eventWidth),
      printable(delivery.eventId, 40),
    ]);
    return table([['id', 'state', 'tries', 'next', 'event', 'event id'], ...lines]);
  };
  context.print(draw(eventWidth(draw, context)));
}

/** On a terminal a long name is cut, so that a row is a line. */
function eventWidth(draw: (width: number) => string, { io: { stdout } }: CommandContext): number {
  if (!stdout.isTty) return 60;
  const narrow = Math.max(
    ...draw(NARROWEST)
      .split('\n')
      .map(({ length }) => length),
  );
  return NARROWEST + Math.max(0, stdout.columns - narrow);
}

function nextOf(
  { state, nextAttemptAtMs }: DeliverySummary,
  { nowMs, isAtWork }: { nowMs: number; isAtWork: boolean },
): string {
  if (state !== 'pending') return '-';
  if (nextAttemptAtMs === undefined) return isAtWork ? 'under way' : 'interrupted';
  return nextAttemptAtMs <= nowMs ? 'overdue' : `in ${formatSpan(nextAttemptAtMs - nowMs)}`;
}
