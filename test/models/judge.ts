import { conform } from '../../src/conformance/conform.ts';
import type { Subject } from '../../src/conformance/person.ts';
import type { Profile } from '../../src/conformance/select.ts';
import { MODEL_SECRET } from '../mutants/model-receiver.ts';
import type { RunningReceiver } from './python-receiver.ts';

interface Judged extends Pick<RunningReceiver, 'url' | 'oracle' | 'hooks'> {
  /** What the hook `create` does. */
  readonly create?: (subject: Subject) => void;
}

export const MODEL_PROFILES = ['core', 'strict', 'probe', 'soak'] as const satisfies readonly Profile[];

/** `ORD-03: fail (…)` for whatever a correct receiver must not get; pauses are cut to a hundredth. */
export async function faultsFound(receiver: Judged, profile: Profile): Promise<string[]> {
  const { url, oracle, hooks } = receiver;
  const sees = profile === 'probe' || profile === 'soak';
  const report = await conform({
    ...{ receivers: [{ name: 'correct', url }], secret: MODEL_SECRET, profile, pauseScale: 100 },
    ...(sees
      ? { oracle, patience: { pollMs: 5, quietReadings: 2, deadlineMs: 2_000, effectMs: 5_000 } }
      : {}),
    ...(profile === 'soak' ? { hooks } : {}),
    create: (subject) => Promise.resolve(receiver.create?.(subject)),
  });
  return report.receivers.flatMap(({ checks }) =>
    checks
      .filter(({ verdict }) => verdict === 'fail' || verdict === 'error' || verdict === 'non-strict')
      .map(({ id, verdict, actual }) => `${id}: ${verdict} (${actual})`),
  );
}
