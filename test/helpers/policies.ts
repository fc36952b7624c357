import { POLICIES, type DeliveryPolicy } from '../../src/persona/policies.ts';

export function policyNamed(name: string): DeliveryPolicy {
  return POLICIES.find((policy) => policy.name === name)!;
}
