import { refusalHint } from '../../report/refusal-hint.ts';
import { UsageError } from '../../errors.ts';
import { isFailed, type LoadReport } from '../../report/load/facts.ts';
import type { Journal } from '../../journal/journal.ts';
import { loadResultRecord } from '../../report/load/json.ts';
import { loadText } from '../../report/load/text.ts';
import type { LoadOptions } from '../../simulator/load.ts';
import type { Simulator } from '../../simulator/simulator.ts';
import { hasDevelopmentSecret } from '../../signing/sign.ts';
import { LoadStoppedError } from '../../load/exhaustion.ts';
import { summarise, type LoadResult } from '../../load/result.ts';
import { EXIT, type CommandContext } from '../context.ts';
import { enqueueLoad } from '../steps/enqueue-load.ts';
import { LOAD, loadOptions, type LoadFlags } from '../flags/load.ts';
import { showProgress } from '../views/load-progress.ts';
import { withJournal } from '../flags/journal.ts';
import { openLoadReports } from '../files/load-report-files.ts';
import { SOURCE, WEBHOOK } from '../flags/run.ts';
import { commandOf } from '../flags/flag.ts';
import { inFlags } from '../flags/in-flags.ts';
import { TIMING } from '../flags/timing.ts';
import { REDIS, type RedisFlags } from '../flags/redis.ts';
import { noteDevelopmentSecret, simulatorsFor } from '../steps/simulators.ts';

type Flags = LoadFlags & RedisFlags;

const DEFAULT_CONCURRENCY = 50;

type WriteReports = Awaited<ReturnType<typeof openLoadReports>>;

const EXAMPLES = `
Examples:
  $ hookcast load --to http://localhost:3000/webhooks --rate 200/s --duration 30s
  $ hookcast load --to http://localhost:3000/webhooks --count 10000 --mix 'inquiry.*=8,report/*=1'
  $ hookcast load --to http://localhost:3000/webhooks --concurrency 200 --workers 2
  $ hookcast load --to http://localhost:3000/webhooks --rate 50/s --duplicates 0.1 --reorder 20 --forged 0.05
  $ hookcast load --to http://localhost:3000/webhooks --rate 10/s --outage 2h --time-scale 1h=10s
  $ hookcast load --to http://localhost:3000/webhooks --count 1000 --journal load.db
  $ hookcast load --to http://localhost:3000/webhooks --count 1000 --report load.html --report load.json
  $ hookcast load --to http://localhost:3000/webhooks --count 10000 --redis redis://127.0.0.1:6379

Exit codes: 0 all delivered, 1 a delivery failed, was never sent or a forgery was accepted, 2 wrong usage,
3 this machine or the journal could not continue, 130 Ctrl-C.
`;

export const configure = commandOf({
  flags: [WEBHOOK, SOURCE, TIMING, LOAD, REDIS],
  help: EXAMPLES,
  run: load,
});

async function load(flags: Flags, context: CommandContext): Promise<void> {
  const options = { concurrency: DEFAULT_CONCURRENCY, ...defined(loadOptions(flags)) };
  // HOOKCAST_JOURNAL is not for it: it would fill, by the thousand, a journal that was meant for deliveries that
  // somebody looks at. A killed process loses nothing, a power cut may lose the last moment.
  const journalling = { context, durability: 'normal' } as const;
  await withJournal(flags.journal, journalling, (journal) => runWith(journal, options, { flags, context }));
}

async function runWith(
  journal: Journal | undefined,
  options: LoadOptions,
  { flags, context }: { flags: Flags; context: CommandContext },
): Promise<void> {
  const [simulator, ...others] = await simulatorsFor(flags, context, journal);
  if (others.length > 0) throw new UsageError('load takes exactly one --webhook');
  if (flags.redis !== undefined) {
    await enqueueLoad(simulator, { options, flags: { ...flags, redis: flags.redis } }, context);
    return;
  }
  const writeReports = await openLoadReports(flags.report ?? [], {
    read: [...(flags.webhook ?? []), flags.scenario, flags.policy, flags.ca, journal?.path],
    inFlags: (text) => inFlags(text, context.command),
  });
  noteDevelopmentSecret([simulator], flags, context);
  const show = async (result: LoadResult) => {
    const report = reportOf(simulator, options, result);
    await showReport(report, { simulator, flags, context, writeReports });
  };
  try {
    await show(await run(simulator, { options, flags }, context));
  } catch (error) {
    if (error instanceof LoadStoppedError) await show(error.result);
    throw error;
  }
}

interface Shown {
  readonly simulator: Simulator;
  readonly flags: LoadFlags;
  readonly context: CommandContext;
  readonly writeReports: WriteReports;
}

async function showReport(
  report: LoadReport,
  { simulator, flags, context, writeReports }: Shown,
): Promise<void> {
  // First of all on the screen: it must not be lost with a disk that is full.
  if (flags.json === true) context.print(JSON.stringify(loadResultRecord(report)));
  else if (flags.quiet !== true) {
    context.print(inFlags(loadText(report, context.chalk), context.command));
    if (flags.forged === undefined) noteRefusal(report.result, simulator, context);
  }
  const hasFailed = isFailed(report.result);
  if (hasFailed && flags.quiet !== true)
    context.note(context.chalk.dim(`repeat with: --seed ${report.seed}`));
  const written = await writeReports(report);
  if (flags.quiet !== true) for (const path of written) context.note(`written: ${path}`);
  context.exitCode = hasFailed ? EXIT.failed : EXIT.ok;
}

/** Forged requests are refused as they should be, and count among the statuses. */
function noteRefusal(
  { statuses }: LoadResult,
  { webhook: { endpoint }, policy }: Simulator,
  context: CommandContext,
): void {
  const isDevelopmentSecret = hasDevelopmentSecret(endpoint.secrets);
  const about = { url: endpoint.url.href, isDevelopmentSecret, policy };
  const hint = Object.keys(statuses)
    .map(Number)
    .filter((status) => !policy.acceptedStatuses.includes(status))
    .map((status) => refusalHint({ kind: 'rejected', status }, about))
    .find((each) => each !== undefined);
  if (hint !== undefined) context.note(hint);
}

async function run(
  simulator: Simulator,
  { options, flags }: { options: LoadOptions; flags: LoadFlags },
  context: CommandContext,
): Promise<LoadResult> {
  let stop = () => {};
  try {
    return await simulator.emit(
      { mix: flags.mix, scenario: flags.scenario },
      {
        ...options,
        signal: context.io.interrupted,
        onStart: (progress) => (stop = showProgress(progress, { plan: options, flags }, context)),
      },
    );
  } finally {
    stop();
  }
}

function reportOf(
  { webhook, policy, seed }: Simulator,
  { ratePerSecond, concurrency = DEFAULT_CONCURRENCY }: LoadOptions,
  result: LoadResult,
): LoadReport {
  return {
    url: webhook.endpoint.url.href,
    ...{ policy, seed, ratePerSecond, concurrency, result },
    responseTime: summarise(result.responseTime),
    latency: summarise(result.latency),
    lateness: summarise(result.lateness),
  };
}

function defined(options: LoadOptions): LoadOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
