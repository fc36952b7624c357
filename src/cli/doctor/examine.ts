import { failuresOf } from '../../conformance/standing.ts';
import type { ConformOptions } from '../../conformance/conform.ts';
import { buildRequest } from '../../delivery/request.ts';
import { undiciSender, type SenderOptions } from '../../http/undici-sender.ts';
import { DEFAULT_POLICY } from '../../persona/policies.ts';
import type { WebhookAttributes } from '../../persona/webhook.ts';
import type { Clock, Exchange } from '../../ports.ts';
import { createSimulator } from '../../simulator/simulator.ts';
import { examineAddress } from './address.ts';
import { examineAnswer } from './answer.ts';
import { ok, problem, skipped, type Finding } from './finding.ts';
import { examineSecret } from './secret.ts';
import { examineTls } from './tls.ts';

export interface DoctorOptions {
  readonly webhook: WebhookAttributes & { readonly url: string };
  readonly secret: string | undefined;
  /** The hookcast.json that is used, if there is one. */
  readonly projectFile?: string | undefined;
  readonly connection: SenderOptions;
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
}

const OLDEST_NODE = [20, 18, 1] as const;

/** Looks at everything between here and an accepted event, one finding at a time, in the order of the way there. */
export async function* examine(options: DoctorOptions): AsyncGenerator<Finding> {
  const url = new URL(options.webhook.url);
  yield examineNode(process.versions.node);
  yield examineProject(options.projectFile);
  yield examineSecret(options.secret);
  const address = await examineAddress(url, options.connection);
  yield* address;
  if (address.some(({ state }) => state === 'problem')) {
    yield* ['TLS', 'path', 'clock', 'event'].map((what) => skipped(what, 'there is no connection'));
    return;
  }
  const tls = await examineTls(url, { ...options.connection, nowMs: options.clock.now() });
  yield tls;
  if (tls.state === 'problem') {
    yield* ['path', 'clock', 'event'].map((what) => skipped(what, 'there is no trusted connection'));
    return;
  }
  yield* await examineDelivery(url, options);
}

/** @param version - `20.18.1` */
export function examineNode(version: string): Finding {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  const [wantedMajor, wantedMinor, wantedPatch] = OLDEST_NODE;
  const distance = major - wantedMajor || minor - wantedMinor || patch - wantedPatch;
  if (distance >= 0) return ok('Node', version);
  return problem('Node', version, `hookcast needs Node ${OLDEST_NODE.join('.')} or later`);
}

function examineProject(path: string | undefined): Finding {
  return path === undefined ? skipped('project', 'no hookcast.json is used') : ok('project', path);
}

async function examineDelivery(url: URL, options: DoctorOptions): Promise<Finding[]> {
  const exchange = await sendGenuine(options);
  const findings = examineAnswer(url, exchange, options.clock.now());
  if (findings.some(({ what, state }) => what !== 'clock' && state === 'problem')) {
    return [...findings, skipped('event', 'the receiver gave no answer of its own')];
  }
  return [...findings, await examineEvent(options)];
}

async function sendGenuine({ webhook, secret, connection, clock, signal }: DoctorOptions): Promise<Exchange> {
  const simulator = createSimulator({ ...connection, clock, webhook: withSecret(webhook, secret) });
  const event = await simulator.build('inquiry.approved');
  const nowMs = clock.now();
  const position = { attempt: 1, attemptsLeft: DEFAULT_POLICY.delaysSeconds.length, simulatedElapsedMs: 0 };
  const request = buildRequest(simulator.webhook.endpoint, simulator.compose(event).body, {
    ...{ ...position, nowMs, simulatedAtMs: nowMs },
  });
  const limits = { timeoutMs: DEFAULT_POLICY.timeoutMs, ...(signal === undefined ? {} : { signal }) };
  return undiciSender(connection).send(request, limits);
}

/** One genuine event, judged and explained as `conform` does. */
async function examineEvent({ webhook, secret, connection, signal }: DoctorOptions): Promise<Finding> {
  const { conform } = await import('../../conformance/conform.ts');
  const conformOptions: ConformOptions = {
    ...connection,
    receivers: [{ name: 'receiver', url: webhook.url }],
    webhook: withSecret(webhook, secret),
    ...{ secret, signal, only: ['ACK-01'] },
  };
  const report = await conform(conformOptions);
  const [receiver] = report.receivers;
  const [check] = receiver?.checks ?? [];
  const seen = check?.actual ?? 'not sent';
  if (failuresOf(report) === 0 && check?.verdict !== 'error')
    return ok('event', `a genuine event is accepted: ${seen}`);
  const mend = receiver?.diagnosis ?? `hookcast conform --to ${webhook.url} says more`;
  return problem('event', `a genuine event is refused: ${seen}`, mend);
}

function withSecret<T extends WebhookAttributes>(webhook: T, secret: string | undefined): T {
  return secret === undefined ? webhook : { ...webhook, secret };
}
