import { appendFile } from 'node:fs/promises';
import { Chalk } from 'chalk';
import { UnknownNameError, UsageError } from '../../errors.ts';
import { replaceFile, tryReplacing } from '../../fixture/replace-file.ts';
import { nearest } from '../../text/nearest.ts';
import type { ConformanceReport } from '../../conformance/report.ts';
import {
  isReportFormatName,
  REPORT_FORMATS,
  REPORT_FORMAT_NAMES,
  type ReportFormatName,
} from '../../report/conformance/index.ts';
import type { CommandContext } from '../context.ts';
import { tryWriting } from './try-writing.ts';

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
  const wanted = targets.map(targetOf);
  const files: ReportFile[] = [];
  for (const { name, path } of wanted) if (path !== undefined) files.push(await openFile(name, path));
  const printed = wanted.filter(({ path }) => path === undefined).map(({ name }) => name);
  const { GITHUB_STEP_SUMMARY: summary } = context.io.env;
  if (summary === undefined || summary === '') return { printed, files };
  await tryWriting(summary, () => appendFile(summary, ''));
  const add = (report: ConformanceReport) =>
    appendFile(summary, REPORT_FORMATS.markdown.render(report, FILE_STYLE));
  return { printed, files: [...files, { write: (report) => tryWriting(summary, () => add(report)) }] };
}

/** `html=report.html`, or `json` for stdout. */
function targetOf(text: string): { name: ReportFormatName; path: string | undefined } {
  const [name = '', ...rest] = text.split('=');
  if (!isReportFormatName(name)) {
    const hint = `Formats: ${REPORT_FORMAT_NAMES.join(', ')}`;
    throw new UnknownNameError('report format', name, { nearest: nearest(name, REPORT_FORMAT_NAMES), hint });
  }
  const path = rest.length === 0 ? undefined : rest.join('=');
  if (path === '') throw new UsageError(`--report '${text}': expected a file, e.g. ${name}=report.${name}`);
  return { name, path };
}

/** The old report stays until the new one is complete. */
async function openFile(name: ReportFormatName, path: string): Promise<ReportFile> {
  await tryWriting(path, () => tryReplacing(path));
  return {
    write: (report) =>
      tryWriting(path, () => replaceFile(path, REPORT_FORMATS[name].render(report, FILE_STYLE))),
  };
}
