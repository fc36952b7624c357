import { parseTimeScale } from '../../delivery/time-scale.ts';
import { UnknownNameError } from '../../errors.ts';
import { nearest } from '../../text/nearest.ts';
import { DEFAULT_POLICY, POLICIES, type DeliveryPolicy } from '../../persona/policies.ts';
import { webhookExtras, type BodyFlags } from './body.ts';
import { flagsOf, GROUP, type ValuesOf } from './flag.ts';

export type PolicyFlags = ValuesOf<typeof TIMING>;

const NAMES = POLICIES.map(({ name }) => name).join(', ');

export const TIMING = flagsOf(GROUP.speed, {
  policy: {
    spelling: '--policy <name|file>',
    description: `${NAMES}, or your own JSON file (default: ${DEFAULT_POLICY.name})`,
  },
  timeScale: {
    spelling: '--time-scale <scale>',
    description: 'shorten the waits: 1000, 1h=1s or instant (default: 1, real time)',
    parse: parseTimeScale,
  },
});

/** A policy by its name, or from a file. @throws {UnknownNameError | ContentError | FileError} */
export async function resolvePolicy({ policy }: PolicyFlags): Promise<DeliveryPolicy> {
  if (policy === undefined) return DEFAULT_POLICY;
  const known = POLICIES.find(({ name }) => name === policy);
  if (known !== undefined) return known;
  if (!/[./\\]/.test(policy)) {
    const hint = `Known: ${NAMES}; or a JSON file: ./my-policy.json`;
    throw new UnknownNameError('policy', policy, {
      nearest: nearest(
        policy,
        POLICIES.map(({ name }) => name),
      ),
      hint,
    });
  }
  // Loaded only when there is a file: it brings the schemas.
  return (await import('../files/read-policy.ts')).readPolicy(policy);
}

type SimulationFlags = PolicyFlags & BodyFlags & { readonly userAgent?: string; readonly seed?: number };

/** What the flags say of how a webhook delivers, beside its attributes. @throws as `resolvePolicy` */
export async function simulationOptions(flags: SimulationFlags) {
  const { timeScale, seed } = flags;
  return { policy: await resolvePolicy(flags), timeScale, seed, extras: webhookExtras(flags) };
}
