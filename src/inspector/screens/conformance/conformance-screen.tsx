import { useEffect, useState } from 'preact/hooks';
import { get, getText, isReadOnly, messageOf, pathOf, post } from '../../api/client.ts';
import type { ConformanceRun } from '../../api/records.ts';
import { Select } from '../../parts/fields.tsx';
import { attempt, tell } from '../../state/notice.ts';
import { route, setParams } from '../../state/route.ts';
import { webhooks } from '../../state/webhooks.ts';
import { Results } from './results.tsx';
import { FORMATS, save, type Report } from './report.ts';

const PROFILES = [
  ['core', 'core: what every receiver must do'],
  ['strict', 'strict: and what a careful one does'],
  ['probe', 'probe: all that can be seen from outside'],
] as const;

const POLL_MS = 400;

export function ConformanceScreen() {
  const { run: id } = route.value.params;
  const { run, report } = useRun(id);
  return (
    <div class="conformance">
      <h1>Conformance</h1>
      <p class="hint">
        Sends the receiver right and wrong requests, and checks what it answers. They are not deliveries.
      </p>
      {!isReadOnly.value && <Start isRunning={run?.state === 'running'} id={id} />}
      {run !== undefined && (
        <>
          <Progress run={run} />
          <Results run={run} report={report} />
        </>
      )}
    </div>
  );
}

function Start({ isRunning, id }: { isRunning: boolean; id: string | undefined }) {
  const { profile = 'core', webhook = '' } = route.value.params;
  const start = async () => {
    const body = { profile, ...(webhook === '' ? {} : { webhook }) };
    const run = await post<ConformanceRun>('/v1/conformance-runs', body);
    setParams({ run: run.id });
  };
  return (
    <div class="actions">
      {webhooks.value.length > 0 && (
        <Select
          label="Receiver"
          value={webhook}
          onPick={(value) => setParams({ webhook: value })}
          options={webhooks.value.map((one) => [one.alias === 'default' ? '' : one.id, one.url] as const)}
        />
      )}
      <Select
        label="Profile"
        value={profile}
        onPick={(value) => setParams({ profile: value })}
        options={PROFILES}
      />
      {isRunning && id !== undefined ? (
        <button
          type="button"
          onClick={() => void attempt(() => post(pathOf`/v1/conformance-runs/${id}/cancel`))}
        >
          Cancel
        </button>
      ) : (
        <button
          type="button"
          class="primary"
          disabled={webhooks.value.length === 0}
          onClick={() => void attempt(start)}
        >
          Run the checks
        </button>
      )}
    </div>
  );
}

function Progress({ run }: { run: ConformanceRun }) {
  const { state, done, total, failures, reason, diagnosis } = run;
  const download = (format: (typeof FORMATS)[number]) =>
    attempt(async () =>
      save(await getText(`${pathOf`/v1/conformance-runs/${run.id}/report`}?format=${format}`), format),
    );
  return (
    <>
      <p class="verdict" role="status">
        {state === 'running' && `${done} of ${total ?? '…'} checks`}
        {state === 'finished' &&
          (failures === 0 ? 'All checks passed.' : `${failures ?? 0} of ${done} checks failed.`)}
        {state === 'cancelled' && `Cancelled after ${done} checks.`}
        {state === 'broken' && `The run broke: ${reason ?? ''}`}
      </p>
      {state === 'running' && <progress value={done} max={total ?? 1} aria-label="Checks done" />}
      {diagnosis !== null && <p class="note bad">{diagnosis}</p>}
      {state === 'finished' && (
        <div class="actions" role="group" aria-label="Download the report">
          {FORMATS.map((format) => (
            <button key={format} type="button" class="small" onClick={() => void download(format)}>
              {format}
            </button>
          ))}
        </div>
      )}
    </>
  );
}

/** Asks until it is over, and then for the report. */
function useRun(id: string | undefined): { run?: ConformanceRun; report?: Report } {
  const [state, setState] = useState<{ run?: ConformanceRun; report?: Report }>({});
  useEffect(() => {
    let isStale = id === undefined;
    const poll = async () => {
      while (!isStale && id !== undefined) {
        const run = await get<ConformanceRun>(pathOf`/v1/conformance-runs/${id}`);
        const isOver = run.state === 'finished';
        const report = isOver
          ? await get<Report>(`${pathOf`/v1/conformance-runs/${id}/report`}?format=json`)
          : undefined;
        if (!isStale) setState(report === undefined ? { run } : { run, report });
        if (run.state !== 'running') return;
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      }
    };
    poll().catch((error: unknown) => tell(messageOf(error), 'error'));
    return () => {
      isStale = true;
    };
  }, [id]);
  return state.run?.id === id ? state : {};
}
