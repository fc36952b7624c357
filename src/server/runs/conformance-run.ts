import type { ConformOptions } from '../../conformance/conform.ts';
import type { ConformanceReport } from '../../conformance/report.ts';
import { HookcastError } from '../../errors.ts';
import type { SenderOptions } from '../../http/undici-sender.ts';
import { DEVELOPMENT_SECRET } from '../../signing/sign.ts';
import type { NewConformanceRunBody } from '../schemas/tools.ts';
import { inServerWords } from '../views/server-words.ts';
import { parseUrl } from '../../webhook/configure.ts';
import type { ServedWebhook } from '../webhooks/served-webhook.ts';

/** A run of checks against a receiver. It changes until it is over. */
export interface ConformanceRun {
  readonly id: string;
  readonly url: string;
  state: 'running' | 'finished' | 'cancelled' | 'broken';
  reason?: string | undefined;
  done: number;
  total?: number | undefined;
  report?: ConformanceReport | undefined;
  readonly results: { id: string; title: string; verdict: string }[];
  readonly stop: AbortController;
  readonly listeners: Set<() => void>;
}

interface Target {
  readonly id: string;
  readonly webhook: ServedWebhook | undefined;
  readonly body: NewConformanceRunBody;
  readonly sending: SenderOptions;
}

/** Begins the run; what it finds is in the object that it returns. @throws {UnknownNameError | UsageError} */
export async function startConformance({ id, webhook, body, sending }: Target): Promise<ConformanceRun> {
  const { selectChecks } = await import('../../conformance/select.ts');
  selectChecks({ ...body, profile: body.profile ?? 'core' });
  const url =
    (body.url === undefined ? webhook?.simulator.webhook.endpoint.url : parseUrl(body.url))?.href ?? '';
  const run: ConformanceRun = {
    ...{ id, url, state: 'running', done: 0, results: [] },
    stop: new AbortController(),
    listeners: new Set(),
  };
  void carryOut(run, { id, webhook, body, sending });
  return run;
}

async function carryOut(run: ConformanceRun, target: Target): Promise<void> {
  const isStopped = () => run.stop.signal.aborted;
  try {
    const { conform } = await import('../../conformance/conform.ts');
    const report = await conform(conformOptions(run, target));
    change(run, { report, state: isStopped() ? 'cancelled' : 'finished' });
  } catch (error) {
    const reason =
      error instanceof HookcastError ? inServerWords(error.message) : `a bug in hookcast: ${String(error)}`;
    change(run, { reason, state: isStopped() ? 'cancelled' : 'broken' });
  }
}

function conformOptions(run: ConformanceRun, { webhook, body, sending }: Target): ConformOptions {
  const { profile, only, skip, strict, seed, toleranceSeconds, acceptedStatuses, known } = body;
  return {
    ...sending,
    ...{ profile, only, skip, strict, seed, toleranceSeconds, acceptedStatuses, known },
    receivers: [{ name: 'receiver', url: run.url }],
    secret: body.secret ?? currentSecret(webhook),
    webhook: { ...webhook?.attributes, secret: undefined },
    signal: run.stop.signal,
    onResult: (_receiver, { check, verdict }, { done, total }) => {
      run.results.push({ id: check.id, title: check.title, verdict: verdict.kind });
      change(run, { done, total });
    },
  };
}

/** The one that does not expire. */
function currentSecret(webhook: ServedWebhook | undefined): string {
  const { secret, secrets = [] } = webhook?.attributes ?? {};
  return secrets.find(({ 'expires-at': end }) => end == null)?.value ?? secret ?? DEVELOPMENT_SECRET;
}

function change(run: ConformanceRun, changes: Partial<ConformanceRun>): void {
  Object.assign(run, changes);
  for (const listener of run.listeners) listener();
}
