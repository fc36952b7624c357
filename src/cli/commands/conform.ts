import { CLEAR_LINE } from '../../text/terminal.ts';
import { conform, failuresOf, type ConformOptions } from '../../conformance/conform.ts';
import type { CheckResult } from '../../conformance/run-check.ts';
import { familyOf, FAMILIES } from '../../conformance/check.ts';
import { PROFILES, profileOf, selectChecks } from '../../conformance/select.ts';
import { CHECKS } from '../../conformance/suite.ts';
import { DEVELOPMENT_SECRET } from '../../signing/secret.ts';
import { Option } from 'commander';
import type { ConformanceReport } from '../../conformance/report.ts';
import { REPORT_FORMATS, standingOf } from '../../report/conformance/index.ts';
import {
  addConformOptions,
  checkConformOptions,
  conformOptions,
  durationOf,
  type ConformFlags,
} from '../flags/conform.ts';
import type { CommandContext, ConfigureCommand } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { openReports, type ReportTargets } from '../files/report-files.ts';
import { table } from '../../report/text.ts';
import { waitForReceivers } from '../terminal/wait-for.ts';
import { openFolder, saveRequests } from '../files/save-requests.ts';

const EXAMPLES = `
Examples:
  $ hookcast conform --to http://localhost:3000/webhooks
  $ hookcast conform --to http://localhost:3000/webhooks --profile strict --report html=report.html
  $ hookcast conform --to http://localhost:3000/webhooks --only SIG-04 --seed 7 --verbose
  $ hookcast conform --to old=http://localhost:3000/a --to new=http://localhost:3000/b
  $ hookcast conform --to http://localhost:3000/webhooks --oracle-url http://localhost:3000/processed
  $ hookcast conform --list

Exit codes: 0 conformant, 1 not, 2 wrong usage, 3 the run broke (receiver down, oracle nonsense), 130 Ctrl-C.
`;

export const configure: ConfigureCommand = (command, context) => {
  addConformOptions(command)
    .addOption(
      new Option('--profile <name>', 'how much is asked (default: core, with an oracle probe)').choices(
        Object.keys(PROFILES),
      ),
    )
    .option('--list', 'list all checks and run none')
    .option('--dry-run', 'list the checks that would run and run none')
    .option('--verbose', 'show every check in full')
    .option('--quiet', 'print no report on stdout')
    .addHelpText('after', EXAMPLES)
    .action((flags: ConformFlags) => run(flags, context));
};

async function run(flags: ConformFlags, context: CommandContext): Promise<void> {
  if (flags.list === true) {
    context.print(listing(CHECKS));
    return;
  }
  const options = await conformOptions(flags, context);
  if (flags.dryRun === true) {
    context.print(listing(selectChecks({ ...options, profile: profileOf(options) })));
    return;
  }
  const targets = await prepare(flags, options, context);
  const signal = context.io.interrupted;
  await waitForReceivers(
    { ...options, signal },
    flags.waitFor === undefined ? 0 : durationOf(flags.waitFor, '--wait-for'),
  );
  const report = await conform({ ...options, onResult: progress(context), signal });
  await finish(report, { targets, flags, options }, context);
}

/** Everything that can be known to be wrong before the first request. */
async function prepare(
  flags: ConformFlags,
  options: ConformOptions,
  context: CommandContext,
): Promise<ReportTargets> {
  selectChecks({ ...options, profile: profileOf(options) });
  if (flags.waitFor !== undefined) durationOf(flags.waitFor, '--wait-for');
  await checkConformOptions(options, context);
  if (flags.save !== undefined) await openFolder(flags.save);
  const targets = await openReports(flags.report ?? [], context);
  if (options.secret === undefined) context.note(`no secret given: development secret ${DEVELOPMENT_SECRET}`);
  return targets;
}

async function finish(
  report: ConformanceReport,
  { targets, flags, options }: { targets: ReportTargets; flags: ConformFlags; options: ConformOptions },
  context: CommandContext,
): Promise<void> {
  clearProgress(context);
  // First of all on the screen: it must not be lost with a disk that is full.
  if (flags.quiet !== true) printReport(report, { targets, flags }, context);
  if (context.io.interrupted.aborted) context.warn('interrupted: the report has only what was done by then');
  for (const file of targets.files) await file.write(report);
  if (flags.save !== undefined) await saveRequests(report, flags.save);
  for (const id of unexpectedPasses(report, options.known ?? [])) {
    context.warn(`${id} passes now although the baseline knows it to fail; take it out`);
  }
  context.exitCode = exitCodeOf(report);
}

/** What was asked for and nothing else, so that a program can read it; else text, with annotations on GitHub. */
function printReport(
  report: ConformanceReport,
  { targets, flags }: { targets: ReportTargets; flags: ConformFlags },
  context: CommandContext,
): void {
  const { chalk, io } = context;
  const style = { chalk, verbose: flags.verbose === true };
  const usual = io.env['GITHUB_ACTIONS'] === 'true' ? (['text', 'github'] as const) : (['text'] as const);
  for (const name of targets.printed.length > 0 ? targets.printed : usual) {
    context.print(REPORT_FORMATS[name].render(report, style).trimEnd());
  }
}

function exitCodeOf(report: ConformanceReport) {
  if (failuresOf(report) > 0) return EXIT.failed;
  const isBroken = report.receivers.some(({ checks }) =>
    checks.some(({ verdict, isKnown }) => verdict === 'error' && !isKnown),
  );
  return isBroken ? EXIT.broken : EXIT.ok;
}

function unexpectedPasses(report: ConformanceReport, known: readonly string[]): string[] {
  const checks = report.receivers.flatMap((receiver) => receiver.checks);
  return known.filter((id) => {
    const standings = checks.filter((check) => check.id === id).map((check) => standingOf(check, report));
    return standings.includes('success') && !standings.includes('known');
  });
}

function listing(checks: typeof CHECKS): string {
  const rows = checks.map((check) => [check.id, check.level, check.title, (check.needs ?? []).join(', ')]);
  const families = new Set(checks.map(familyOf));
  const words = [...families].map((family) => `${family}: ${FAMILIES[family]}`).join(', ');
  return `${table([['id', 'level', 'title', 'needs'], ...rows])}\n\n${checks.length} checks (${words})`;
}

/** On a terminal, one line that moves. */
function progress(context: CommandContext): ConformOptions['onResult'] {
  if (!context.io.stderr.isTty) return undefined;
  return (receiver, { check }: CheckResult, { done, total }) => {
    const cells = Math.round((done / total) * 24);
    const bar = `[${'#'.repeat(cells)}${'-'.repeat(24 - cells)}]`;
    const line = `${bar} ${done} of ${total}  ${receiver}  ${check.id} ${check.title}`;
    context.io.stderr.write(`${CLEAR_LINE}${line.slice(0, context.io.stderr.columns - 1)}`);
  };
}

function clearProgress(context: CommandContext): void {
  if (context.io.stderr.isTty) context.io.stderr.write(CLEAR_LINE);
}
