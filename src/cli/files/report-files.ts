import { appendFile } from 'node:fs/promises';
import { Chalk } from 'chalk';
import { UsageError } from '../../errors.ts';
import { PRIVATE, replaceFile } from '../../fixture/replace-file.ts';
import type { ConformanceReport } from '../../conformance/report.ts';
import {
  REPORT_FORMATS,
  REPORT_FORMAT_NAMES,
  type ReportFormatName,
} from '../../report/conformance/index.ts';
import type { CommandContext } from '../context.ts';
import { parseReportTarget } from './report-target.ts';
import { checkReplacing, tryWriting } from './try-writing.ts';

export interface ReportTargets {
  /** For stdout; empty where none was asked for. */
  readonly printed: readonly ReportFormatName[];
  readonly files: readonly ReportFile[];
}

export interface ReportFile {
  write(report: ConformanceReport): Promise<void>;
}

export const FILE_STYLE = { chalk: new Chalk({ level: 0 }), verbose: true };

/**
 * Opens every file of `--report format=file` before the run, so that a path that cannot be written is no
 * surprise at its end; on GitHub the job summary is added by itself.
 * @throws {UsageError | UnknownNameError | FileError}
 */
export async function openReports(
  targets: readonly string[],
  context: CommandContext,
): Promise<ReportTargets> {
  const wanted = targets.map((text) => parseReportTarget(text, REPORT_FORMAT_NAMES));
  const files: ReportFile[] = [];
  for (const { format, path } of wanted) if (path !== undefined) files.push(await openFile(format, path));
  const printed = wanted.filter(({ path }) => path === undefined).map(({ format }) => format);
  refuseMixture(printed);
  const { GITHUB_STEP_SUMMARY: summary } = context.io.env;
  if (summary === undefined || summary === '') return { printed, files };
  await tryWriting(summary, () => appendFile(summary, ''));
  const add = (report: ConformanceReport) =>
    appendFile(summary, REPORT_FORMATS.markdown.render(report, FILE_STYLE));
  return { printed, files: [...files, { write: (report) => tryWriting(summary, () => add(report)) }] };
}

/** Read by programs, and only as a whole. */
const DOCUMENTS: readonly ReportFormatName[] = ['html', 'json', 'junit', 'ctrf', 'tap'];

/** @throws {UsageError} where a document would share standard output with another report */
function refuseMixture(printed: readonly ReportFormatName[]): void {
  const document = DOCUMENTS.find((format) => printed.includes(format));
  if (document === undefined || printed.length < 2) return;
  throw new UsageError(
    `--report ${printed.join(', ')}: standard output holds one of them; write the others to files, e.g. --report ${document}=report.${document}`,
  );
}

/** The old report stays until the new one is complete. */
async function openFile(name: ReportFormatName, path: string): Promise<ReportFile> {
  await checkReplacing(path);
  return {
    write: (report) =>
      tryWriting(path, () => replaceFile(path, REPORT_FORMATS[name].render(report, FILE_STYLE), PRIVATE)),
  };
}
