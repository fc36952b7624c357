import { UsageError } from '../../errors.ts';
import type { Journal } from '../../journal/journal.ts';
import type { DeliveryStore, StoredAttempt, StoredDelivery } from '../../journal/delivery-store.ts';
import { nextStep, waitOf } from '../../delivery/schedule.ts';
import { REAL_TIME, type TimeScale } from '../../delivery/time-scale.ts';
import { restoreWebhook } from '../../journal/restore-webhook.ts';
import type { DeliveryPolicy } from '../../persona/policies.ts';
import type { WebhookRecord } from '../../journal/webhook-record.ts';
import { DEVELOPMENT_SECRET } from '../../signing/sign.ts';
import type { KeptAttempt } from '../deliveries/kept-delivery.ts';
import { ServedDelivery } from '../deliveries/served-delivery.ts';
import type { ServerState } from '../server-state.ts';
import type { StateOptions } from '../create-state.ts';
import { numberIn } from './served-journal.ts';
import type { ServedWebhook } from '../webhooks/served-webhook.ts';
import { resumeAll } from './resume-deliveries.ts';

export interface RestoreOptions extends StateOptions {
  readonly signal: AbortSignal;
}

/** Brings back what a journal holds: webhooks, the latest deliveries, and continues those that are pending. */
export async function restoreDeliveries(state: ServerState, options: RestoreOptions): Promise<void> {
  const { journal, onWarning } = options;
  if (journal === undefined) return;
  restoreWebhooks(state, { journal, onWarning });
  const byNumber = new Map<number, ServedWebhook>();
  for (const [number, record] of journal.webhooks()) {
    const webhook = webhookOf(record, state, { journal, onWarning });
    if (webhook !== undefined) byNumber.set(number, webhook);
  }
  await loadDeliveries(journal, state, byNumber);
  restoreRuns(state);
  resumeAll(state, byNumber, { ...options, journal });
}

interface RestoreContext {
  readonly journal: Journal;
  readonly onWarning: StateOptions['onWarning'];
}

/** Those that came through the API, and were there when the server ended. */
function restoreWebhooks(state: ServerState, context: RestoreContext): void {
  for (const record of [...(state.journal?.webhooks() ?? [])]) {
    if (state.webhooks.find(record.served.id) === undefined) restored(record, state, context);
  }
}

/** Whose deliveries the row stands for; one without a name is from another command, or another time. */
function webhookOf(
  record: WebhookRecord,
  state: ServerState,
  context: RestoreContext,
): ServedWebhook | undefined {
  const { webhooks, journal } = state;
  if (record.served !== undefined) return webhooks.find(record.served.id);
  const same = webhooks.list().find((webhook) => journal?.isOf(webhook, record) === true);
  return same ?? restored(record, state, context);
}

/** A webhook as it was; undefined when its secret is not known any more. */
function restored(
  record: WebhookRecord,
  { webhooks, journal: served }: ServerState,
  { journal, onWarning }: RestoreContext,
): ServedWebhook | undefined {
  const { url, policy, userAgent } = record;
  try {
    const { endpoint } = restoreWebhook(
      record,
      { secrets: knownSecrets(webhooks.list()), headers: {} },
      journal.salt,
    );
    const secrets = endpoint.secrets.map(({ secret, expiresAtMs }) => ({
      value: secret.reveal(),
      ...(expiresAtMs === undefined ? {} : { 'expires-at': new Date(expiresAtMs).toISOString() }),
    }));
    const headers = { 'custom-http-headers': { ...endpoint.customHeaders } };
    const { id, attributes: kept, included } = record.served ?? {};
    const attributes = { ...kept, url, secrets, ...headers };
    const extras = { userAgent, ...(included === undefined ? {} : { included }) };
    const timeScale = id === undefined ? undefined : served?.clocks.baseOf(id);
    return webhooks.create({ attributes, policy, extras, timeScale, id });
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const pending = journal.pendingOf(numbersOf(record, journal)).length;
    if (pending > 0) onWarning?.(`${pending} deliveries stay pending: ${error.message}`);
    return undefined;
  }
}

/** All rows of the same webhook. */
function numbersOf(record: WebhookRecord, journal: Journal): number[] {
  const { id } = record.served ?? {};
  const isSame = (other: WebhookRecord) => other === record || (id !== undefined && other.served?.id === id);
  return [...journal.webhooks()].flatMap(([number, other]) => (isSame(other) ? [number] : []));
}

/** Of the webhooks of the command line; only the same secret fits. */
function knownSecrets(webhooks: readonly ServedWebhook[]) {
  const known = webhooks.flatMap(({ simulator }) =>
    simulator.webhook.endpoint.secrets.map(({ secret }) => secret.reveal()),
  );
  const source = { from: 'development' } as const;
  return [...new Set([...known, DEVELOPMENT_SECRET])].map((value) => ({ value, source }));
}

async function loadDeliveries(
  journal: Journal,
  state: ServerState,
  byNumber: ReadonlyMap<number, ServedWebhook>,
): Promise<void> {
  const { openJournalStore } = await import('../../journal/sqlite/journal-store.ts');
  const store = openJournalStore(journal.path);
  try {
    for (const id of await latestIds(store, state.keep)) {
      const stored = await store.find(id);
      if (stored === undefined) continue;
      const number = journal.webhookOf(numberIn(id)) ?? 0;
      const record = journal.webhooks().get(number);
      state.history.add(servedOf(stored, targetOf(byNumber.get(number), record)));
    }
  } finally {
    await store.close();
  }
}

/** All that are pending, and the latest of the others, in their order. */
async function latestIds(store: DeliveryStore, keep: number): Promise<string[]> {
  const pending = new Set<string>();
  const settled: string[] = [];
  for await (const { id, state } of store.list()) {
    if (state === 'pending') pending.add(id);
    else settled.push(id);
  }
  const kept = keep === 0 ? [] : settled.slice(-keep);
  return [...pending, ...kept].sort((a, b) => Number(a.slice(1)) - Number(b.slice(1)));
}

/** Webhooks whose secret is not known any more. */
const UNKNOWN_WEBHOOK = 'unknown';

interface Target {
  readonly webhookId: string;
  readonly policy: DeliveryPolicy | undefined;
  readonly scale: TimeScale;
}

/** @param webhook - undefined when it is not there any more */
function targetOf(webhook: ServedWebhook | undefined, record: WebhookRecord | undefined): Target {
  return {
    webhookId: webhook?.id ?? record?.served?.id ?? UNKNOWN_WEBHOOK,
    policy: record?.policy,
    scale: webhook?.clock.scale ?? REAL_TIME,
  };
}

function servedOf(stored: StoredDelivery, target: Target): ServedDelivery {
  const { id, url, createdAtMs, attemptsTotal, state, settledAtMs = createdAtMs, extras = {} } = stored;
  const { run: runId, reason, copy, signature, removed, unmatched } = extras;
  const given = { ...stored, runId, copy, signature, removed, unmatched };
  const { webhookId } = target;
  const delivery = new ServedDelivery(given, { id, webhookId, url, createdAtMs, attemptsTotal });
  const attempts = stored.attempts.filter(isTold).map((attempt) => keptAttempt(attempt, stored, target));
  delivery.attempts.push(...attempts);
  if (state !== 'pending') delivery.settle(state, settledAtMs, reason);
  return delivery;
}

/** An attempt whose outcome was lost was made again under its number. */
function isTold({ attempt, outcome }: StoredAttempt, index: number, all: readonly StoredAttempt[]): boolean {
  return outcome !== undefined || all[index + 1]?.attempt !== attempt;
}

function keptAttempt(
  attempt: StoredAttempt,
  delivery: StoredDelivery,
  { policy, scale }: Target,
): KeptAttempt {
  const { attempt: number, startedAtMs, simulatedAtMs, requestHeaders, outcome, timings } = attempt;
  const isOver = policy !== undefined && outcome !== undefined;
  const wait = isOver ? waitOf(nextStep(policy, number, outcome), scale) : undefined;
  return {
    attempt: number,
    attemptsLeft: delivery.attemptsTotal - number,
    ...{ startedAtMs, simulatedAtMs, outcome, timings, wait },
    url: new URL(attempt.url ?? delivery.url),
    headers: requestHeaders,
  };
}

/** Those whose deliveries are all there. */
function restoreRuns({ journal, history, runs }: ServerState): void {
  const members = [...history.all].filter(({ runId }) => runId !== undefined);
  const notes = [...(journal?.runs() ?? [])].sort(([, a], [, b]) => a.startedAtMs - b.startedAtMs);
  for (const [id, { size, ...run }] of notes) {
    runs.skipId(id);
    const deliveries = members.filter(({ runId }) => runId === id);
    if (deliveries.length === size) runs.add({ id, ...run, deliveries });
  }
}
