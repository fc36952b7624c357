import { FIXTURE_NAMES } from '../../fixture/catalogue.ts';
import { ALL_EVENTS } from '../../persona/contract.ts';

/** Does the webhook send events of this name? */
export function isEnabled(name: string, enabledEvents: readonly string[]): boolean {
  return enabledEvents.includes(ALL_EVENTS) || enabledEvents.includes(name);
}

/** What is sent where nothing else matters, the first that the webhook enables: decisions are acted upon by all. */
const PREFERRED = [
  'inquiry.approved',
  'inquiry.declined',
  'inquiry.completed',
  'inquiry.failed',
  'inquiry.created',
];

export function defaultEventOf(enabledEvents: readonly string[]): string {
  const candidates = [...PREFERRED, ...FIXTURE_NAMES];
  return candidates.find((name) => isEnabled(name, enabledEvents)) ?? 'inquiry.approved';
}
