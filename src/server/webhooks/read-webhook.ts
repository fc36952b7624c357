import { parseTimeScale } from '../../delivery/time-scale.ts';
import { canonicalKey } from '../../persona/key-convention.ts';
import { DEFAULT_POLICY, POLICIES, type DeliveryPolicy } from '../../persona/policies.ts';
import { policyFrom } from '../../persona/policy-file.ts';
import { WEBHOOK_ATTRIBUTES } from '../../persona/webhook.ts';
import { UnknownNameError, UsageError } from '../../errors.ts';
import { nearest } from '../../text/nearest.ts';
import type { WebhookExtras } from '../../webhook/configure.ts';
import { ProblemError, REFUSED } from '../api/problem.ts';
import type { NewWebhookBody, WebhookChangesBody } from '../schemas/webhook.ts';
import type { AttributeChanges } from './registry.ts';
import type { NewWebhook } from './served-webhook.ts';

/** Persona's attributes bare or as its API wraps them, in any inflection of the keys, as in a webhook file. */
export function withKebabAttributes(value: unknown): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  const { data } = value as { data?: { type?: unknown; attributes?: unknown } | null };
  if (data?.type === 'webhook' && data.attributes !== undefined) return withKebabAttributes(data.attributes);
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => {
      const kebab = canonicalKey(key);
      return [WEBHOOK_ATTRIBUTES.includes(kebab) ? kebab : key, member];
    }),
  );
}

export function newWebhookOf(body: NewWebhookBody): NewWebhook {
  const { seed, policy, timeScale, paused, userAgent, included, ...attributes } = body;
  return {
    attributes,
    seed,
    policy: policyOf(policy),
    isPaused: paused,
    timeScale: timeScale === undefined ? undefined : scaleOf(timeScale),
    extras: extrasOf({ userAgent, included }),
  };
}

/** Persona's attributes, and what is ours to configure. */
export function splitChanges({ userAgent, included, ...attributes }: WebhookChangesBody): {
  attributes: AttributeChanges;
  extras: WebhookExtras;
} {
  return { attributes, extras: extrasOf({ userAgent, included }) };
}

function extrasOf(given: WebhookExtras): WebhookExtras {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/** @throws {UnknownNameError} */
export function policyOf(policy: NewWebhookBody['policy']): DeliveryPolicy {
  if (policy === undefined) return DEFAULT_POLICY;
  if (typeof policy !== 'string') return policyFrom(policy);
  const found = POLICIES.find(({ name }) => name === policy);
  if (found !== undefined) return found;
  const names = POLICIES.map(({ name }) => name);
  throw new UnknownNameError('policy', policy, {
    nearest: nearest(policy, names),
    hint: `known: ${names.join(', ')}; or an object with delays-seconds, timeout-ms and accepted-statuses`,
  });
}

/** @throws {ProblemError} */
export function scaleOf(scale: number | string): number {
  if (typeof scale === 'number') return scale;
  try {
    return parseTimeScale(scale);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new ProblemError(
      REFUSED.invalidBody,
      `the scale '${scale}': expected a number above 0, 'instant', or two durations such as 1h=1s`,
    );
  }
}
