import { bundledFixtures } from '../../fixture/files.ts';
import { formatSpan } from '../../report/duration.ts';
import { table } from '../../report/text.ts';
import { loadScenario, SCENARIO_NAMES } from '../../scenario/load.ts';
import type { PreparedScenario } from '../../simulator/scenario.ts';
import { wrapLastColumn } from '../../text/wrap.ts';
import type { CommandContext } from '../context.ts';

/** The scenarios that come with the package. */
export async function printScenarios({ json }: { json?: boolean }, context: CommandContext): Promise<void> {
  const library = bundledFixtures();
  const scenarios = await Promise.all(SCENARIO_NAMES.map((name) => loadScenario(name, library)));
  const rows = scenarios.map(({ name, description, steps }) => ({
    name,
    events: steps.length,
    durationMs: steps.at(-1)?.offsetMs ?? 0,
    description,
  }));
  if (json === true) {
    context.print(JSON.stringify(rows, null, 2));
    return;
  }
  const { isTty, columns } = context.io.stdout;
  const lines = rows.map(({ name, events, durationMs, description }) => [
    name,
    String(events),
    formatSpan(durationMs),
    description,
  ]);
  const shown = table([['scenario', 'events', 'lasts', 'what happens'], ...lines]);
  context.print(isTty ? wrapLastColumn(shown, 'what happens', columns) : shown);
}

/** What would be sent when: since the first sending, in simulated time. */
export function printPlan(
  { sendings }: PreparedScenario,
  { json }: { json?: boolean },
  context: CommandContext,
): void {
  if (json === true) {
    for (const { dueMs, event, copy } of sendings)
      context.print(
        JSON.stringify({ type: 'planned', dueMs, eventId: event.id, eventName: event.name, copy }),
      );
    return;
  }
  const rows = sendings.map(({ dueMs, event, copy }) => [
    `T+${formatSpan(dueMs)}`,
    event.name,
    event.id,
    String(copy),
  ]);
  context.print(table([['due', 'event', 'id', 'copy'], ...rows]));
}
