import { CLEAR_LINE } from '../../text/terminal.ts';
import { conform, failuresOf, type ConformOptions } from '../../conformance/conform.ts';
import type { CheckResult } from '../../conformance/run-check.ts';
import { familyOf, FAMILIES } from '../../conformance/check.ts';
import { PROFILES, profileOf, selectChecks } from '../../conformance/select.ts';
import { CHECKS } from '../../conformance/suite.ts';
import { DEVELOPMENT_SECRET } from '../../signing/secret.ts';
import { Option } from 'commander';
import type { ConformanceReport } from '../../conformance/report.ts';
import { REPORT_FORMATS, REPORT_FORMAT_NAMES, standingOf } from '../../report/conformance/index.ts';
import {
  addConformOptions,
  checkConformOptions,
  conformOptions,
  durationOf,
  type ConformFlags,
} from '../flags/conform.ts';
import type { CommandContext, ConfigureCommand } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { parseReportTarget } from '../files/report-target.ts';
import { openReports, type ReportTargets } from '../files/report-files.ts';
import { writeFile } from 'node:fs/promises';
import { checkPage } from '../../conformance/check-page.ts';
import { basisText } from '../../conformance/standing.ts';
import { fixUrl } from '../../text/docs-url.ts';
import { tryWriting } from '../files/try-writing.ts';
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
    .option('--json', 'with --list or --dry-run: as JSON, for test suites')
    .option('--explain <check>', 'what a check asks and how to mend a failure; runs nothing')
    .option('--write-baseline <file>', 'write the ids that fail now, for --baseline')
    .option('--dry-run', 'list the checks that would run and run none')
    .option('--verbose', 'show every check in full')
    .option('--quiet', 'print no report on stdout')
    .addHelpText('after', EXAMPLES)
    .action((flags: ConformFlags) => run(flags, context));
};

async function run(flags: ConformFlags, context: CommandContext): Promise<void> {
  if (flags.explain !== undefined) {
    context.print(explanation(flags.explain));
    return;
  }
  if (flags.list === true) {
    context.print(listed(CHECKS, flags));
    return;
  }
  const options = await conformOptions(flags, context);
  if (flags.dryRun === true) {
    context.print(listed(selectChecks({ ...options, profile: profileOf(options) }), flags));
    return;
  }
  const targets = await prepare(flags, options, context);
  const signal = context.io.interrupted;
  await waitForReceivers(
    { ...options, signal },
    flags.waitFor === undefined ? 0 : durationOf(flags.waitFor, '--wait-for'),
  );
  const report = await conform({ ...options, ...progress(context), signal });
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
  if (flags.quiet !== true || targets.printed.length > 0) printReport(report, { targets, flags }, context);
  if (context.io.interrupted.aborted) context.warn('interrupted: the report has only what was done by then');
  for (const file of targets.files) await file.write(report);
  if (flags.save !== undefined) await saveRequests(report, flags.save);
  if (flags.writeBaseline !== undefined) await writeBaseline(report, flags.writeBaseline);
  sayWhatChanged(report, { flags, options }, context);
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

function sayWhatChanged(
  report: ConformanceReport,
  { flags, options }: { flags: ConformFlags; options: ConformOptions },
  context: CommandContext,
): void {
  if (flags.quiet !== true) for (const path of writtenPaths(flags)) context.note(`written: ${path}`);
  for (const id of unexpectedPasses(report, options.known ?? [])) {
    context.warn(`${id} passes now: remove it from the baseline`);
  }
}

function writtenPaths({ report = [], writeBaseline: baseline }: ConformFlags): string[] {
  const files = report.map((text) => parseReportTarget(text, REPORT_FORMAT_NAMES).path);
  return [...files, baseline].filter((path) => path !== undefined);
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

/** For test suites: one test per check, with `--json` or `--report json`. */
function listed(checks: typeof CHECKS, { json, report = [] }: ConformFlags): string {
  if (json !== true && !report.includes('json')) return listing(checks);
  const rows = checks.map((check) => {
    const { id, slug, title, level, basis, source, sends, requirement, needs = [] } = check;
    const family = familyOf(check);
    return { id, slug, family, title, level, basis, source, sends, requirement, needs, fix: fixUrl(id) };
  });
  return JSON.stringify(rows, null, 2);
}

/** A check and the part of its page on how to mend it, without a network. @throws {UnknownNameError} */
function explanation(pattern: string): string {
  const checks = selectChecks({ profile: 'core', only: [pattern] });
  const parts = checks.map((check) => {
    const { id, title, sends, requirement, source } = check;
    const { cause } = checkPage(id);
    return [
      `${id} ${title}`,
      `  sends     ${sends}`,
      `  requires  ${requirement}`,
      `  basis     ${basisText(check)}; ${source}`,
      ...(cause === undefined ? [] : [`  cause     ${cause}`]),
      `  page      ${fixUrl(id)}`,
    ].join('\n');
  });
  const fixes = [...new Set(checks.map(({ id }) => checkPage(id).fix))].filter((fix) => fix !== '');
  return [...parts, ...fixes].join('\n\n');
}

/** The ids that fail now, for `--baseline`. */
async function writeBaseline(report: ConformanceReport, path: string): Promise<void> {
  const failing = report.receivers.flatMap(({ checks }) =>
    checks
      .filter((check) => ['failure', 'error', 'known'].includes(standingOf(check, report)))
      .map(({ id }) => id),
  );
  const text = `${JSON.stringify([...new Set(failing)], null, 2)}\n`;
  await tryWriting(path, () => writeFile(path, text));
}

function listing(checks: typeof CHECKS): string {
  const rows = checks.map((check) => [check.id, check.level, check.title, (check.needs ?? []).join(', ')]);
  const families = new Set(checks.map(familyOf));
  const words = [...families].map((family) => `${family}: ${FAMILIES[family]}`).join(', ');
  return `${table([['id', 'level', 'title', 'needs'], ...rows])}\n\n${checks.length} checks (${words})`;
}

/** On a terminal, one line that moves, from the first moment. */
function progress(context: CommandContext): Pick<ConformOptions, 'onResult' | 'onStage'> {
  const { stderr } = context.io;
  if (!stderr.isTty) return {};
  const show = (line: string) => stderr.write(`${CLEAR_LINE}${line.slice(0, stderr.columns - 1)}`);
  const bar = (share: number) => `[${'#'.repeat(share).padEnd(PROGRESS_CELLS, '-')}]`;
  return {
    onStage: (receiver, stage) => {
      if (stage.kind === 'diagnosing') show(`${receiver}  looking for the reason`);
      else show(`${bar(0)} 0 of ${stage.total}  ${receiver}  ${stage.first.id} ${stage.first.title}`);
    },
    onResult: (receiver, { check }: CheckResult, { done, total }) => {
      const share = Math.round((done / total) * PROGRESS_CELLS);
      show(`${bar(share)} ${done} of ${total}  ${receiver}  ${check.id} ${check.title}`);
    },
  };
}

const PROGRESS_CELLS = 24;

function clearProgress(context: CommandContext): void {
  if (context.io.stderr.isTty) context.io.stderr.write(CLEAR_LINE);
}
