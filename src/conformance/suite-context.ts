import { createHash } from 'node:crypto';
import { anySignal } from '../delivery/shared-signal.ts';
import { systemClock } from '../delivery/system-clock.ts';
import { newSeed, seededRandom } from '../event/seeded-random.ts';
import { bundledFixtures } from '../fixture/files.ts';
import { loadFixture } from '../fixture/load.ts';
import { nodeWireSender } from '../http/node-wire.ts';
import { tlsInspector } from '../http/tls-inspector.ts';
import { USUAL_TOLERANCE_SECONDS } from '../persona/contract.ts';
import { newId } from '../persona/ids.ts';
import { DEFAULT_POLICY, POLICIES } from '../persona/policies.ts';
import type { WebhookAttributes } from '../persona/webhook.ts';
import { DEVELOPMENT_SECRET, Secret } from '../signing/sign.ts';
import { configureWebhook } from '../webhook/configure.ts';
import type { ConformOptions } from './conform.ts';
import type { CheckSettings } from './check.ts';
import type { SuiteContext } from './create-context.ts';
import { dashed } from './person.ts';
import { profileOf } from './select.ts';

/** Everything that checks of one receiver work with. */
export function suiteContextOf(url: string, options: Omit<ConformOptions, 'receivers'>): SuiteContext {
  const { webhook = {}, seed = newSeed() } = options;
  const configured = configureWebhook({ ...webhook, url });
  const secret = options.secret ?? DEVELOPMENT_SECRET;
  const others = (webhook.secrets ?? []).map(({ value }) => value).filter((value) => value !== secret);
  return {
    url: configured.endpoint.url,
    secret: new Secret(secret),
    otherSecrets: others.map((value) => new Secret(value)),
    foreignSecret: new Secret(foreignSecret(seed)),
    payload: configured.payload,
    fixture: (name) => loadFixture(name, bundledFixtures()),
    random: seededRandom(seed),
    randomFor: (checkId) => seededRandom(seedFor(seed, checkId)),
    clock: options.clock ?? systemClock,
    wire: nodeWireSender(options),
    inspectTls: tlsInspector(configured.endpoint.url, options),
    oracle: options.oracle,
    patience: options.patience,
    hooks: options.hooks ?? {},
    readLog: options.readLog,
    settings: settingsFrom(options, webhook),
    pauseScale: options.pauseScale ?? 1,
    answered: [],
    create: options.create,
    referenceTemplate: options.referenceTemplate,
    signal: anySignal(options.signal),
  };
}

/** Every check has a seed of its own, so that `--only` repeats what it sent in the whole run. */
function seedFor(seed: number, checkId: string): number {
  return createHash('sha256').update(`${seed}/${checkId}`).digest().readUInt32LE();
}

function settingsFrom(options: Omit<ConformOptions, 'receivers'>, webhook: WebhookAttributes): CheckSettings {
  return {
    ...statusesFrom(options),
    enabledEvents: webhook['enabled-events'] ?? ['*'],
    customHeaders: webhook['custom-http-headers'] ?? {},
    toleranceSeconds: options.toleranceSeconds ?? USUAL_TOLERANCE_SECONDS,
    toleranceIsGiven: options.toleranceSeconds !== undefined,
    longestIdleSeconds: profileOf(options) === 'soak' ? 10 : 2,
  };
}

/** What `send` would call delivered, and what Persona accepts by another of its documents. */
function statusesFrom({ acceptedStatuses, policy = DEFAULT_POLICY }: Omit<ConformOptions, 'receivers'>) {
  if (acceptedStatuses !== undefined) return { acceptedStatuses };
  const toleratedStatuses = POLICIES.flatMap((other) => other.acceptedStatuses);
  return { acceptedStatuses: policy.acceptedStatuses, toleratedStatuses };
}

/** A secret of the right form that no receiver knows. */
function foreignSecret(seed: number): string {
  const text = newId('evt', seededRandom(seed + 1))
    .slice(4)
    .toLowerCase()
    .padEnd(32, '0');
  return `wbhsec_${dashed(text)}`;
}
