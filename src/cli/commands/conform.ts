import { join } from 'node:path';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { profileOf, selectChecks } from '../../conformance/select.ts';
import { CHECKS } from '../../conformance/suite.ts';
import { HookcastError } from '../../errors.ts';
import { REPORT_FORMAT_NAMES } from '../../report/conformance/index.ts';
import { configureWebhook } from '../../webhook/configure.ts';
import type { CommandContext } from '../context.ts';
import { openReports } from '../files/report-files.ts';
import { parseReportTarget } from '../files/report-target.ts';
import { refuseOverwriting } from '../files/same-file.ts';
import { openFolder } from '../files/save-requests.ts';
import { checkReplacing } from '../files/try-writing.ts';
import { checkConformOptions, conformOptions, durationOf } from '../steps/conform-options.ts';
import { CONFORM, type ConformFlags } from '../flags/conform.ts';
import { commandOf } from '../flags/flag.ts';
import { errorInFlags } from '../flags/in-flags.ts';
import { noteSecret } from '../steps/resolve-webhooks.ts';
import { reportPaths, runConformance, writtenPaths, type ConformanceRun } from '../steps/conformance-run.ts';
import { Changes } from '../terminal/changes.ts';
import { openInBrowser } from '../terminal/open-in-browser.ts';
import { checkJson, checkTable, explanation } from '../views/check-list.ts';

const EXAMPLES = `
Examples:
  $ hookcast conform --to http://localhost:3000/webhooks
  $ hookcast conform --to http://localhost:3000/webhooks --profile strict --report html=report.html
  $ hookcast conform --to http://localhost:3000/webhooks --only SIG-04 --seed 7 --verbose
  $ hookcast conform --to http://localhost:3000/webhooks --watch src
  $ hookcast conform --to old=http://localhost:3000/a --to new=http://localhost:3000/b
  $ hookcast conform --to http://localhost:3000/webhooks --oracle-url http://localhost:3000/processed
  $ hookcast conform --explain SIG-04
  $ hookcast conform --list

Exit codes: 0 conformant, 1 not, 2 wrong usage, 3 the run broke (receiver down, unusable oracle), 130 Ctrl-C.
`;

export const configure = commandOf({ flags: [CONFORM], help: EXAMPLES, run });

async function run(flags: ConformFlags, context: CommandContext): Promise<void> {
  const text = await answerOf(flags, context);
  if (text !== undefined) {
    context.print(text);
    return;
  }
  const reported = withJsonReport(flags.open === true ? await withHtmlReport(flags) : flags);
  if (flags.watch !== undefined) return watchAndRun(reported, context);
  await runConformance(await prepare(reported, context), context);
  await openReport(reported, context);
}

/** What the flags ask about the checks themselves; undefined where they are to be run. */
async function answerOf(flags: ConformFlags, context: CommandContext): Promise<string | undefined> {
  const columns = columnsOf(context);
  if (flags.explain !== undefined) return explanation(flags.explain, columns);
  if (flags.list === true) return listed(CHECKS, flags, columns);
  if (flags.dryRun !== true) return undefined;
  const options = await conformOptions(flags, context);
  return listed(selectChecks({ ...options, profile: profileOf(options) }), flags, columns);
}

function listed(checks: typeof CHECKS, { json, report = [] }: ConformFlags, columns: number): string {
  return json === true || report.includes('json') ? checkJson(checks) : checkTable(checks, columns);
}

function columnsOf({ io: { stdout } }: CommandContext): number {
  return stdout.isTty ? stdout.columns : Infinity;
}

/** Everything that can be known to be wrong before the first request. @throws {HookcastError} */
async function prepare(flags: ConformFlags, context: CommandContext): Promise<ConformanceRun> {
  const options = await conformOptions(flags, context);
  selectChecks({ ...options, profile: profileOf(options) });
  const waitMs = flags.waitFor === undefined ? 0 : durationOf(flags.waitFor, '--wait-for');
  await checkConformOptions(options, context);
  if (flags.save !== undefined) await openFolder(flags.save);
  await refuseLosses(flags);
  const targets = await openReports(flags.report ?? [], context);
  if (flags.writeBaseline !== undefined) await checkReplacing(flags.writeBaseline);
  if (options.secret === undefined) noteSecret(context);
  return { flags, options, targets, waitMs };
}

/** A baseline may be written in place of the one that was read; a report never. @throws {UsageError} */
async function refuseLosses(flags: ConformFlags): Promise<void> {
  const reports = reportPaths(flags).map((path) => ({ flag: '--report', path }));
  const baseline = flags.writeBaseline === undefined ? [] : [flags.writeBaseline];
  const written = [...reports, ...baseline.map((path) => ({ flag: '--write-baseline', path }))];
  await refuseOverwriting(written, [flags.webhook, flags.logFile, flags.ca]);
  await refuseOverwriting(reports, [flags.baseline]);
}

/** Runs until Ctrl-C. A mistake in the flags ends it; after a failure in a later round it waits for the next change. */
async function watchAndRun(flags: ConformFlags, context: CommandContext): Promise<void> {
  const { interrupted } = context.io;
  let run = await prepare(flags, context);
  for (let round = 1; ; round += 1) {
    const changes = new Changes(watchedBy(run));
    try {
      await untilFault(() => runConformance({ ...run, waitMs: Infinity }, context), context);
      if (round === 1) await openReport(flags, context);
      if (!interrupted.aborted) context.note('watching: the run is repeated after a change; Ctrl-C ends it');
      const change = await changes.next(interrupted);
      if (change === undefined) return;
      context.note(`\n${change}`);
    } finally {
      changes.close();
    }
    run = (await untilFault(() => prepare(flags, context), context)) ?? run;
  }
}

function watchedBy({ flags, options }: ConformanceRun) {
  const { watch, webhook, baseline, save, logFile } = flags;
  const named = watch === true || watch === undefined ? [] : watch;
  return {
    urls: options.receivers.map(({ url }) => configureWebhook({ url }).endpoint.url),
    paths: [...named, webhook, baseline].filter((path) => path !== undefined),
    ignored: [...writtenPaths(flags), save, logFile].filter((path) => path !== undefined),
  };
}

/** A file may be half written, and a receiver half started: the next change mends it. */
async function untilFault<T>(act: () => Promise<T>, context: CommandContext): Promise<T | undefined> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof HookcastError)) throw error;
    context.note(`${context.chalk.red('error:')} ${errorInFlags(error, context.command)}`);
    return undefined;
  }
}

/** `--json` means of a run what it means everywhere: JSON on standard output. */
function withJsonReport(flags: ConformFlags): ConformFlags {
  const { json, report = [] } = flags;
  return json !== true || report.includes('json') ? flags : { ...flags, report: [...report, 'json'] };
}

/** The flags, with a file for the HTML report where they name none. */
async function withHtmlReport(flags: ConformFlags): Promise<ConformFlags> {
  if (htmlPathOf(flags) !== undefined) return flags;
  const path = join(await mkdtemp(join(tmpdir(), 'hookcast-')), 'report.html');
  return { ...flags, report: [...(flags.report ?? []), `html=${path}`] };
}

function htmlPathOf({ report = [] }: ConformFlags): string | undefined {
  const targets = report.map((text) => parseReportTarget(text, REPORT_FORMAT_NAMES));
  return targets.find(({ format, path }) => format === 'html' && path !== undefined)?.path;
}

async function openReport(flags: ConformFlags, context: CommandContext): Promise<void> {
  const path = flags.open === true ? htmlPathOf(flags) : undefined;
  if (path !== undefined && !context.io.interrupted.aborted) await openInBrowser(path, context);
}
