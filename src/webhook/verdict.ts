import type { FilterMismatch } from '../payload/filter.ts';
import { ALL_EVENTS } from '../persona/contract.ts';
import type { WebhookAttributes } from '../persona/webhook.ts';

/** Whether an event is sent to a webhook, and the clause that decides. */
export type WebhookVerdict =
  | { readonly kind: 'deliver' }
  | { readonly kind: 'not-enabled'; readonly reason: string }
  | { readonly kind: 'filtered'; readonly mismatch: FilterMismatch };

/** What the webhook says about events of this name, before it has seen one. */
export function verdictOnName(eventName: string, attributes: WebhookAttributes): WebhookVerdict {
  const { status, 'enabled-events': enabled } = attributes;
  if (status === 'disabled' || status === 'archived') {
    const reason = `the webhook's status is ${status}; without a status it counts as enabled`;
    return { kind: 'not-enabled', reason };
  }
  // Left out, as for a local webhook, every event is enabled.
  if (enabled === undefined || enabled.includes(ALL_EVENTS) || enabled.includes(eventName)) {
    return { kind: 'deliver' };
  }
  return { kind: 'not-enabled', reason: `the webhook's enabled-events do not list ${eventName}` };
}

/** Why nothing is sent, in words; undefined when it is. */
export function describeVerdict(verdict: WebhookVerdict): string | undefined {
  switch (verdict.kind) {
    case 'deliver':
      return undefined;
    case 'not-enabled':
      return verdict.reason;
    case 'filtered': {
      const { path, expected, found } = verdict.mismatch;
      const actual = found === undefined ? 'is not there' : `is ${short(found)}`;
      return `the payload-filter asks for ${path || 'the payload'} = ${short(expected)}, but it ${actual}`;
    }
  }
}

function short(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
