import { parseDurationMs, type SimulatedClock } from '../delivery/time-scale.ts';
import type { FixtureLibrary } from '../fixture/load.ts';
import { NEWEST_API_VERSION } from '../persona/contract.ts';
import { INQUIRY_LIFETIME_SECONDS } from '../persona/inquiry-operations.ts';
import { newId } from '../persona/ids.ts';
import { toResponse, type TextReply, type TextRequest } from '../http/text-reply.ts';
import type { WebhookAttributes } from '../persona/webhook.ts';
import { DEVELOPMENT_SECRET } from '../signing/sign.ts';
import { parseFault } from './faults.ts';
import { createApp } from './http/app.ts';
import type { SandboxLog } from './log.ts';
import type { SandboxWebhook, Webhooks } from './ports.ts';
import type { ResettableRandom } from './resettable-random.ts';
import { SandboxState } from './sandbox-state.ts';
import type { Seed } from './seed.ts';
import type { SandboxOptions } from './create-sandbox.ts';
import type { Settings } from './settings.ts';
import { TaskScheduler } from './state/task-scheduler.ts';
import { createAccount } from './state/accounts.ts';
import { EventLog } from './state/event-log.ts';
import { createInquiry } from './state/inquiries.ts';
import { bringTo } from './state/bring-to.ts';
import { referenceTo, Store } from './state/store.ts';
import { loadStory, type Story } from './state/story.ts';
import { addTemplate } from './state/templates.ts';
import { KINDS, VERIFICATION_KINDS, type VerificationKind } from './state/verification-kinds.ts';
import type { Environment } from './state/environment.ts';

/** Webhooks that can be given an id, as a seed file does. */
export interface SeedableWebhooks extends Webhooks {
  create(attributes: WebhookAttributes, id?: string): SandboxWebhook;
}

export interface StartOptions {
  readonly seed: Seed;
  readonly options: SandboxLog & Pick<SandboxOptions, 'decide' | 'decideAfterMs' | 'lenient' | 'faults'>;
  readonly clock: SimulatedClock;
  readonly random: ResettableRandom;
  readonly webhooks: SeedableWebhooks;
  readonly library: FixtureLibrary;
  /** Called with each fresh environment once it has the webhooks of the seed. */
  readonly fill?: (() => void) | undefined;
}

export interface RunningSandbox {
  readonly fetch: (request: Request) => Promise<Response>;
  /** As `fetch`, without web objects around texts: for all but pages. */
  readonly answer: (request: TextRequest) => Promise<TextReply | Response>;
  readonly settings: Settings;
  /** Fills the environment from the seed. @param baseUrl - where the sandbox is found */
  begin(baseUrl: string): void;
  /** Brings the seed back, ids included; the webhooks of the seed must be gone by then. */
  reset(): void;
  /** The clock that was given runs on another one now: what waits has to sleep on that. */
  clockChanged(): void;
  close(): void;
}

const DECIDE_AFTER_MS = 2_000;

/** Puts a sandbox together around webhooks and a clock of someone else's. */
export async function startSandbox(start: StartOptions): Promise<RunningSandbox> {
  const { clock, random, webhooks, library, options } = start;
  const story = await loadStory(library);
  const settings = settingsOf(start, story);
  const scheduler = new TaskScheduler(clock);
  const environment: Environment = {
    ...{ story, settings, clock, random, webhooks, scheduler },
    ...emptyEnvironment(settings, clock),
  };
  const state = new SandboxState(environment, options);
  const app = createApp(state);
  const refill = () => {
    random.reset();
    Object.assign(environment, emptyEnvironment(settings, clock));
    scheduler.clear();
    fill(environment, start);
  };
  return {
    fetch: async (request) => toResponse(await app.fetch(request)),
    // The operations read no more of a request.
    answer: async (request) => app.fetch(request as unknown as Request),
    settings,
    begin: (baseUrl) => {
      settings.baseUrl = baseUrl;
      refill();
    },
    reset: () => {
      state.reset();
      refill();
    },
    clockChanged: () => scheduler.wake(),
    close: () => scheduler.close(),
  };
}

function emptyEnvironment(settings: Settings, clock: SimulatedClock) {
  const keepsFormer = settings.faults.some(({ kind }) => kind === 'stale-read');
  return {
    store: new Store(keepsFormer ? () => clock.now() : undefined),
    events: new EventLog(),
    inquiries: new Map(),
    consolidatedInto: new Map(),
    isFilling: false,
  };
}

function settingsOf({ seed, options, random }: StartOptions, story: Story): Settings {
  return {
    apiVersion: seed.apiVersion ?? NEWEST_API_VERSION,
    key: seed.key,
    organizationId: newId('org', random),
    environmentId: newId('env', random),
    ...decisionSettings(seed, options),
    isLenient: options.lenient === true,
    faults: (options.faults ?? []).map(parseFault),
    overrides: seed.transitions ?? {},
    verificationTemplates: verificationTemplates(seed, story),
    hasOwnTemplates: seed.templates !== undefined,
    baseUrl: '',
  };
}

function decisionSettings(seed: Seed, options: StartOptions['options']) {
  return {
    decide: options.decide ?? seed.decide ?? 'none',
    decideAfterMs: options.decideAfterMs ?? parseDurationMs(seed.decideAfter ?? '') ?? DECIDE_AFTER_MS,
    rules: seed.rules ?? [],
  };
}

/** Those of the fixtures, and the seed's own. */
function verificationTemplates(seed: Seed, story: Story): Map<string, VerificationKind> {
  const samples = VERIFICATION_KINDS.map((kind) => [KINDS[kind].template(story), kind] as const);
  const own = (seed.templates ?? []).flatMap((template) =>
    Object.entries(template.verificationTemplates ?? {}),
  );
  return new Map([...samples, ...own]);
}

function fill(environment: Environment, { seed, webhooks, fill: more }: StartOptions): void {
  const { accounts = [], webhooks: seeded = [] } = seed;
  environment.isFilling = true;
  const templateId = fillTemplates(environment, seed);
  for (const account of accounts) createAccount(environment, account);
  fillInquiries(environment, seed, templateId);
  for (const { id, ...attributes } of seeded) webhooks.create(withSecret(attributes), id);
  more?.();
  environment.isFilling = false;
}

/** An app that is told no secret expects the one that the rest of hookcast signs with. */
export function withSecret(attributes: WebhookAttributes): WebhookAttributes {
  const hasSecret = attributes.secret != null || attributes.secrets !== undefined;
  return hasSecret ? attributes : { ...attributes, secret: DEVELOPMENT_SECRET };
}

/** Returns the id of the first, for inquiries that name none. */
function fillTemplates(environment: Environment, { templates }: Seed): string {
  const sample = referenceTo(environment.story.included('inquiry.created', 'inquiry-template')).id;
  const all = templates ?? [{ id: sample }];
  for (const template of all) addTemplate(environment, template);
  return all[0]?.id ?? sample;
}

function fillInquiries(environment: Environment, { inquiries = [] }: Seed, firstTemplateId: string): void {
  for (const { status = 'created', templateId = firstTemplateId, ...inquiry } of inquiries) {
    const template = { kind: 'template', id: templateId } as const;
    const created = createInquiry(environment, { ...inquiry, template, lifetime: LIFETIME });
    bringTo(environment, referenceTo(created).id, status);
  }
}

const LIFETIME = {
  afterCreateSeconds: INQUIRY_LIFETIME_SECONDS,
  afterStartSeconds: undefined,
  afterResumeSeconds: undefined,
};
