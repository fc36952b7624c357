// The public library. The convenience first, then every arrow of the walk from a fixture to a delivery.
export { createSimulator, type Simulator } from './simulator/simulator.ts';
export type { DeliverOptions, EventOptions, SimulatorOptions } from './simulator/deps.ts';
export type { ComposedEvent } from './simulator/compose-next.ts';
export type { PreparedScenario, ScenarioHooks, ScenarioOptions, Sending } from './simulator/scenario.ts';

// many events → counts
export type { LoadEvents, LoadOptions } from './simulator/load.ts';
export type { EventRenderer, EventSource, RenderedEvent } from './render/event-source.ts';
export type { LoadProgress } from './load/plan.ts';
export type { LoadExample, LoadResult, SecondOfLoad } from './load/result.ts';
export type { Durations } from './load/result.ts';
export type { AttemptResult, LoadLog } from './load/ports.ts';

// fixture → event
export { loadFixture, loadOwnFixture, type FixtureLibrary } from './fixture/load.ts';
export type { Fixture } from './fixture/load.ts';
export { FIXTURE_NAMES } from './fixture/catalogue.ts';
export { bundledFixtures } from './fixture/files.ts';
export {
  importFixtures,
  type FixtureImport,
  type ImportedFixture,
  type SkippedBody,
} from './fixture/import/import-fixtures.ts';
export { buildEvent, type BuildOptions } from './event/build.ts';
export { buildRun } from './event/build.ts';
export type { Event } from './event/build.ts';
export type { IdMap } from './event/build.ts';
export { applyOverrides, parseAssignment, type Override } from './event/overrides.ts';

// scenario → events → planned sendings → deliveries
export { SCENARIO_NAMES } from './scenario/load.ts';
export { loadScenario, type Scenario, type ScenarioStep } from './scenario/load.ts';
export { buildScenario, type BuildScenarioOptions } from './scenario/build.ts';
export { planScenario, type PlannedSend, type PlanOptions } from './scenario/plan.ts';
export { runScenario, type DeliverMeans, type RunOptions } from './scenario/run.ts';

// event → body
export { composePayload, type Payload, type PayloadConfiguration } from './payload/compose.ts';
export {
  applyBlocklist,
  parseBlocklist,
  type Blocklist,
  type BlocklistResult,
  type Removal,
} from './payload/blocklist/apply.ts';
export { BlocklistSyntaxError, type BlocklistEntry } from './payload/blocklist/parse-entry.ts';
export type { JsonNode, JsonObject, JsonArray, JsonMember, JsonScalar, JsonValue } from './json/node.ts';
export { fromValue, toValue } from './json/node.ts';
export { parseJson, JsonSyntaxError } from './json/text.ts';
export { serialise, serialisePretty } from './json/text.ts';

// body → signed request, and what a receiver does with it
export { Secret, secretsAt, DEVELOPMENT_SECRET, type SigningSecret } from './signing/sign.ts';
export { sign } from './signing/sign.ts';
export { verify, type Verification, type VerifyOptions } from './signing/verify.ts';
export type { SignatureSet } from './signing/parse-header.ts';
export {
  explainSignature,
  type ExplainInput,
  type SignatureExplanation,
} from './signing/explain-signature.ts';
export { loadWebhook, type LoadedWebhook } from './webhook/load.ts';
export { configureWebhook, type Webhook } from './webhook/configure.ts';
export type { WebhookAttributes } from './persona/webhook.ts';

// signed request → attempt → delivery
export { buildRequest, type AttemptPosition, type Endpoint } from './delivery/request.ts';
export { attemptRequest, type Attempt } from './delivery/attempt.ts';
export { type Outcome, outcomeOf } from './delivery/attempt.ts';
export {
  nextStep,
  scheduleOf,
  type DeliveryState,
  type NextStep,
  type ScheduledAttempt,
} from './delivery/schedule.ts';
export {
  deliver,
  type Delivery,
  type DeliveryContext,
  type DeliveryJob,
  type DeliveryLog,
  type Wait,
} from './delivery/deliver.ts';
export { MovableClock } from './delivery/movable-clock.ts';
export type { SimulatedClock } from './delivery/time-scale.ts';
export { parseTimeScale, type TimeScale } from './delivery/time-scale.ts';
export { DEFAULT_POLICY, POLICIES, type DeliveryPolicy } from './persona/policies.ts';
export { EVENT_NAMES, isEventName, type EventName } from './persona/event-names.ts';

// recordings → planned replays → deliveries
export { diskRecordings } from './recording/files.ts';
export { readRecordings } from './recording/read/recordings.ts';
export { recordingsOf } from './recording/read/store.ts';
export { planReplay, type PlannedReplay, type ReplayPlanOptions } from './recording/plan.ts';
export { recordingLine } from './recording/ndjson.ts';
export { harText } from './recording/write/har.ts';
export { withoutCredentials, type Recording } from './recording/recording.ts';
export type { ReadContext, RecordingFiles } from './recording/recording.ts';
export type { ReplayOptions } from './simulator/replay.ts';
// signed deliveries in a queue, for workers on many machines; bullmq and ioredis are loaded when one is opened
export {
  EnqueueError,
  openDeliveryQueue,
  type OpenDeliveryQueue,
  type QueueOptions,
} from './queue/bullmq/queue.ts';
export { openQueueStore, type QueueStore } from './queue/bullmq/store.ts';
export { workOnQueue, type WorkOptions } from './queue/bullmq/worker.ts';
export { AttemptRowError } from './queue/attempt-row.ts';
export { RedisError } from './queue/bullmq/redis-link.ts';
export type { DeliveryQueue, WorkedDelivery, WorkerEvents, WorkSummary } from './queue/delivery-queue.ts';
export type { EnqueueLoadOptions } from './simulator/enqueue.ts';
export { keyringOf, type Keyring } from './queue/keyring.ts';
export { toQueued, type QueuedDelivery, type QueueTerms } from './queue/queued-delivery.ts';

// the reference receiver
export {
  startReceiver,
  type Received,
  type Receiver,
  type ReceiverOptions,
} from './receiver/start-receiver.ts';
export { parseScript, type Reaction } from './receiver/reaction.ts';

// tests of a receiver
export { conform } from './conformance/conform.ts';
export { failuresOf } from './conformance/standing.ts';
export type { ConformOptions, Progress } from './conformance/conform.ts';
export { CHECKS } from './conformance/suite.ts';
export { PROFILES, selectChecks, type Profile, type Selection } from './conformance/select.ts';
export type { Basis, Check, Level, Verdict, VerdictKind } from './conformance/check.ts';
export type { CheckResult } from './conformance/run-check.ts';
export type { Oracle, OracleReading, Patience } from './conformance/oracle.ts';
export type { CheckReport, ConformanceReport, ReceiverReport } from './conformance/report.ts';
export { commandOracle, httpOracle, type OracleOptions } from './conformance/oracles.ts';
export { commandHook } from './conformance/hooks.ts';

// the journal: deliveries that survive a crash
export { openJournal, type JournalOptions } from './journal/sqlite/open-journal.ts';
export { openJournalStore, type JournalStore } from './journal/sqlite/journal-store.ts';
export { resumeJournal, type ResumeJournalOptions, type ResumeHooks } from './simulator/resume.ts';
export type { Journal } from './journal/journal.ts';
export type {
  DeliveryFilter,
  DeliveryStore,
  DeliverySummary,
  StoredAttempt,
  StoredDelivery,
  StoredState,
} from './journal/delivery-store.ts';
export { JournalBrokenError, JournalError, JournalHeldError } from './journal/errors.ts';

// the server with the control API, and its handler to mount elsewhere
export { startServer, type RunningServer, type ServerOptions } from './server/start-server.ts';
export { createServerHandler, type ServerHandler } from './server/server-handler.ts';
export type { Mount } from './server/create-handler.ts';
export type { ServerState } from './server/server-state.ts';
export type { NewWebhook } from './server/webhooks/served-webhook.ts';

// machine-readable output
export { attemptRecord, deliveryRecord, type AttemptRecord, type DeliveryRecord } from './report/ndjson.ts';

export {
  isReportFormatName,
  REPORT_FORMATS,
  type ReportFormat,
  type ReportFormatName,
  type ReportStyle,
} from './report/conformance/index.ts';
export type { JsonCheck, JsonReceiver, JsonReport } from './report/conformance/json.ts';

// Persona's REST API on this machine
export { createSandbox, type Sandbox, type SandboxOptions } from './sandbox/create-sandbox.ts';
export { loadSeed, type Seed } from './sandbox/seed.ts';
export type { Decision } from './sandbox/settings.ts';
export type { CallRecord } from './sandbox/log.ts';

// the outside world
export type {
  Clock,
  Exchange,
  Files,
  FileWriter,
  HttpRequest,
  HttpResponse,
  HttpSender,
  Phase,
  Random,
  Timings,
} from './ports.ts';
export { systemClock } from './delivery/system-clock.ts';
export { seededRandom } from './event/seeded-random.ts';
export { lateSender as undiciSender } from './http/connection-rules.ts';
export type { SenderOptions } from './http/connection-rules.ts';
export { diskFiles, diskWriter } from './fixture/files.ts';
export { RemoteAddressError } from './http/private-addresses.ts';
export { ExhaustedError, LoadStoppedError } from './load/exhaustion.ts';
export { RenderError } from './render/render-again.ts';
export { ListenError } from './receiver/listen.ts';
export { HookError } from './conformance/hooks.ts';
export { OracleError } from './conformance/oracle.ts';
export { ReceiverDownError } from './conformance/receiver-down.ts';
export { ForeignFileError } from './recording/recording.ts';
export { ProblemError } from './server/api/problem.ts';
export { ContentError, FileError, HookcastError, UnknownNameError, UsageError } from './errors.ts';
