import { FIXTURE_NAMES } from '../../fixture/catalogue.ts';
import type { CheckContext, Sample } from '../check.ts';
import { isEnabled } from './enabled.ts';
import { isAccepted } from './expect.ts';

/** What receivers act on that do not act on decisions, the commonest first. */
const CANDIDATES = [
  ...['inquiry.completed', 'inquiry.failed', 'inquiry.marked-for-review', 'inquiry.created'],
  ...['inquiry.declined', 'inquiry.expired', 'inquiry.transitioned', 'verification.passed'],
  ...['account.created', 'case.created', 'report/watchlist.ready', 'transaction.created'],
];

/**
 * Looks for an event that the receiver acts on, where it accepts another and does nothing: it may have a list of
 * its own. What is found stands in for the usual event from then on. Undefined where none has an effect.
 */
export async function findUsualEvent(context: CheckContext, ignored: string): Promise<string | undefined> {
  const { enabledEvents } = context.settings;
  const names = CANDIDATES.filter(
    (name) => name !== ignored && isEnabled(name, enabledEvents) && FIXTURE_NAMES.includes(name),
  );
  const accepted: Sample[] = [];
  for (const name of names) {
    const sample = await context.sample(name);
    const exchange = await context.send(sample, { label: name });
    if (isAccepted(exchange, context)) accepted.push(sample);
  }
  if (accepted.length === 0) return undefined;
  const reading = await context.consult(accepted.map(({ eventId }) => eventId));
  const processed = accepted.find(({ eventId }) => reading.processed(eventId) === 1);
  context.learnt.usualEvent = processed?.event.name;
  return processed?.event.name;
}
