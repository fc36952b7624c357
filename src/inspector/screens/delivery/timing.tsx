import type { Attempt } from '../../api/records.ts';
import { webhookOf } from '../../state/webhooks.ts';
import { elapsed } from '../../text/format.ts';

const LIMIT_MS = 5_000;

/** How much of the time limit the receiver used. */
export function Timing({ attempt }: { attempt: Attempt }) {
  const { durationMs, connectMs, firstByteMs, webhook } = attempt;
  if (durationMs === null) return null;
  const limitMs = webhookOf(webhook)?.policy.timeoutMs ?? LIMIT_MS;
  const percent = (ms: number) => `${Math.min(100, (ms / limitMs) * 100)}%`;
  const parts = [
    ...(connectMs === null ? [] : [`connected ${elapsed(connectMs)}`]),
    ...(firstByteMs === null ? [] : [`first byte ${elapsed(firstByteMs)}`]),
    `done ${elapsed(durationMs)}`,
  ];
  return (
    <div class="timing">
      <div
        class="bar"
        role="img"
        aria-label={`${elapsed(durationMs)} of the limit of ${elapsed(limitMs)}: ${parts.join(', ')}`}
      >
        <i class={durationMs >= limitMs ? 'used over' : 'used'} style={{ width: percent(durationMs) }} />
        {firstByteMs !== null && <i class="mark" style={{ left: percent(firstByteMs) }} />}
      </div>
      <p aria-hidden="true">
        {parts.join(' · ')} <span>limit {elapsed(limitMs)}</span>
      </p>
    </div>
  );
}
