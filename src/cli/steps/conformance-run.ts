import { conform, type ConformOptions } from '../../conformance/conform.ts';
import { failuresOf } from '../../conformance/standing.ts';
import type { ConformanceReport } from '../../conformance/report.ts';
import { replaceFile } from '../../fixture/replace-file.ts';
import { REPORT_FORMATS, REPORT_FORMAT_NAMES, standingOf } from '../../report/conformance/index.ts';
import { EXIT, type CommandContext } from '../context.ts';
import type { ReportTargets } from '../files/report-files.ts';
import { parseReportTarget } from '../files/report-target.ts';
import { saveRequests } from '../files/save-requests.ts';
import { tryWriting } from '../files/try-writing.ts';
import type { ConformFlags } from '../flags/conform.ts';
import { reportInFlags } from '../flags/in-flags.ts';
import { waitForReceivers } from '../terminal/wait-for.ts';
import { clearProgress, conformProgress } from '../views/conform-progress.ts';

export interface ConformanceRun {
  readonly flags: ConformFlags;
  readonly options: ConformOptions;
  readonly targets: ReportTargets;
  /** How long receivers may take to come up, milliseconds. */
  readonly waitMs: number;
}

/** Waits for the receivers, tests them, and prints and writes what was found. @throws {ReceiverDownError | FileError} */
export async function runConformance(run: ConformanceRun, context: CommandContext): Promise<void> {
  const signal = context.io.interrupted;
  await waitForReceivers({ ...run.options, signal }, run.waitMs);
  const report = await conform({ ...run.options, ...conformProgress(context), signal });
  await finish(reportInFlags(report, context.command), run, context);
}

async function finish(
  report: ConformanceReport,
  { targets, flags, options }: ConformanceRun,
  context: CommandContext,
): Promise<void> {
  clearProgress(context);
  // First of all on the screen: it must not be lost with a disk that is full.
  if (flags.quiet !== true || targets.printed.length > 0) printReport(report, { targets, flags }, context);
  const isWhole = !context.io.interrupted.aborted;
  if (!isWhole)
    context.warn(`interrupted: the report covers only the checks that had ended${unwritten(flags)}`);
  for (const file of targets.files) await file.write(report);
  if (flags.save !== undefined) await saveRequests(report, flags.save);
  // The failures of a part would take the others out of the list.
  if (flags.writeBaseline !== undefined && isWhole) await writeBaseline(report, flags.writeBaseline);
  sayWhatChanged(
    report,
    { written: isWhole ? writtenPaths(flags) : reportPaths(flags), flags, options },
    context,
  );
  context.exitCode = exitCodeOf(report);
}

function unwritten({ writeBaseline: path }: ConformFlags): string {
  return path === undefined ? '' : `; ${path} stays as it was`;
}

/** What was asked for and nothing else, so that a program can read it; else text, with annotations on GitHub. */
function printReport(
  report: ConformanceReport,
  { targets, flags }: Pick<ConformanceRun, 'targets' | 'flags'>,
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
  { written, flags, options }: Pick<ConformanceRun, 'flags' | 'options'> & { written: readonly string[] },
  context: CommandContext,
): void {
  if (flags.quiet !== true) for (const path of written) context.note(`written: ${path}`);
  for (const id of unexpectedPasses(report, options.known ?? [])) {
    context.warn(`${id} passes now; remove it from the baseline`);
  }
}

/** Files that the flags name for the run to write. */
export function writtenPaths(flags: ConformFlags): string[] {
  return [...reportPaths(flags), flags.writeBaseline].filter((path) => path !== undefined);
}

export function reportPaths({ report = [] }: ConformFlags): string[] {
  const files = report.map((text) => parseReportTarget(text, REPORT_FORMAT_NAMES).path);
  return files.filter((path) => path !== undefined);
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

/** The ids that fail now, for `--baseline`. */
async function writeBaseline(report: ConformanceReport, path: string): Promise<void> {
  const failing = report.receivers.flatMap(({ checks }) =>
    checks
      .filter((check) => ['failure', 'error', 'known'].includes(standingOf(check, report)))
      .map(({ id }) => id),
  );
  const text = `${JSON.stringify([...new Set(failing)], null, 2)}\n`;
  await tryWriting(path, () => replaceFile(path, text));
}
