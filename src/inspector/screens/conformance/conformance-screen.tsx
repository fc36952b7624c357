import { useEffect, useState } from 'preact/hooks';
import { get, isReadOnly, messageOf, pathOf, post } from '../../api/client.ts';
import type { ConformanceRun } from '../../api/records.ts';
import { download } from '../../parts/download.ts';
import { NotThere, NoWebhook } from '../../parts/empty.tsx';
import { SelectField } from '../../parts/fields.tsx';
import { WebhookSelect } from '../../parts/webhook-select.tsx';
import { attempt } from '../../state/notice.ts';
import { route, setParams } from '../../state/route.ts';
import { areWebhooksLoaded, webhooks } from '../../state/webhooks.ts';
import { finishedText } from '../../text/finished-text.ts';
import { Results } from './results.tsx';
import { EXTENSIONS, FORMATS, reportPath, type Report } from './report.ts';

const PROFILES = [
  ['core', 'core: what every receiver must do'],
  ['strict', 'strict: and what a careful one does'],
  ['probe', 'probe: all that can be seen from outside'],
] as const;

const POLL_MS = 400;

/** Shown again when the reader comes back to this screen. */
let lastRun: string | undefined;

export function ConformanceScreen() {
  const { run: id } = route.value.params;
  useEffect(() => {
    if (id !== undefined) lastRun = id;
    else if (lastRun !== undefined) setParams({ run: lastRun });
  }, [id]);
  const { run, report, error } = useRun(id);
  return (
    <div class="conformance">
      <h1>Conformance</h1>
      <p class="hint">
        Sends the receiver right and wrong requests, and checks what it answers. They are not deliveries.
      </p>
      {!isReadOnly.value && <Start isRunning={run?.state === 'running'} id={id} />}
      {id === undefined && <WhatNext />}
      {error !== undefined && <NotThere title={`There is no run “${id ?? ''}”`} error={error} />}
      {run !== undefined && (
        <>
          <Progress run={run} />
          <Results run={run} report={report} />
        </>
      )}
    </div>
  );
}

function WhatNext() {
  if (areWebhooksLoaded.value && webhooks.value.length === 0) {
    return (
      <NoWebhook title="Which receiver should be checked?">
        <p>A run needs a webhook that leads to it.</p>
      </NoWebhook>
    );
  }
  return <p class="hint">Each check that fails says what was expected, what came, and how to fix it.</p>;
}

function Start({ isRunning, id }: { isRunning: boolean; id: string | undefined }) {
  const { profile = 'core', webhook = '' } = route.value.params;
  const start = async () => {
    const body = { profile, ...(webhook === '' ? {} : { webhook }) };
    const run = await post<ConformanceRun>('/v1/conformance-runs', body);
    setParams({ run: run.id });
  };
  return (
    <div class="actions start">
      {webhooks.value.length > 0 && (
        <WebhookSelect
          isField
          label="Receiver of the webhook"
          value={webhook}
          onPick={(value) => setParams({ webhook: value })}
        />
      )}
      <SelectField
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
  const { id, state, done, total, diagnosis } = run;
  return (
    <>
      <p class="verdict" role="status">
        {progressText(run)}
      </p>
      {state === 'running' && <progress value={done} max={total ?? 1} aria-label="Checks done" />}
      {diagnosis !== null && <p class="note bad">Diagnosis: {diagnosis}</p>}
      {state === 'finished' && <Downloads id={id} />}
    </>
  );
}

function progressText({ state, done, total, failures, reason, results }: ConformanceRun): string {
  switch (state) {
    case 'running':
      return `${done} of ${total ?? '…'} checks`;
    case 'finished':
      return finishedText({ done, failures: failures ?? 0, results });
    case 'cancelled':
      return `Cancelled after ${done} checks.`;
    case 'broken':
      return `The run broke: ${reason ?? ''}`;
  }
}

function Downloads({ id }: { id: string }) {
  const save = (format: (typeof FORMATS)[number]) =>
    download(reportPath(id, format), `conformance.${EXTENSIONS[format]}`);
  return (
    <div class="actions" role="group" aria-labelledby="downloads">
      <span id="downloads" class="hint">
        Download the report:
      </span>
      {FORMATS.map((format) => (
        <button key={format} type="button" class="small" onClick={() => void attempt(() => save(format))}>
          {format}
        </button>
      ))}
    </div>
  );
}

interface RunState {
  readonly run?: ConformanceRun;
  readonly report?: Report;
  readonly error?: string;
}

/** Asks until it is over, and then for the report. */
function useRun(id: string | undefined): RunState {
  const [state, setState] = useState<RunState & { readonly id?: string }>({});
  useEffect(() => {
    if (id === undefined) return undefined;
    const stop = new AbortController();
    const show = (next: RunState) => setState({ ...next, id });
    followRun(id, { signal: stop.signal, show }).catch((error: unknown) => {
      if (!stop.signal.aborted) show({ error: messageOf(error) });
    });
    return () => stop.abort();
  }, [id]);
  return state.id === id ? state : {};
}

async function followRun(
  id: string,
  { signal, show }: { readonly signal: AbortSignal; readonly show: (state: RunState) => void },
): Promise<void> {
  const path = pathOf`/v1/conformance-runs/${id}`;
  for (;;) {
    const run = await get<ConformanceRun>(path, signal);
    if (run.state === 'finished') {
      show({ run, report: await get<Report>(reportPath(id, 'json'), signal) });
      return;
    }
    show({ run });
    if (run.state !== 'running') return;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
