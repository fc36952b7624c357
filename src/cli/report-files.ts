import { appendFile, writeFile } from 'node:fs/promises';
import { Chalk } from 'chalk';
import { FileError, UnknownNameError, UsageError } from '../errors.ts';
import { nearest } from '../nearest.ts';
import type { ConformanceReport } from '../conformance/report.ts';
import type { CommandContext } from './context.ts';

export interface ReportFile {
  write(report: ConformanceReport): Promise<void>;
}

const FILE_STYLE = { chalk: new Chalk({ level: 0 }), verbose: true };

/**
 * Opens every file of `--report format=file` before the run, so that a path that cannot be written is no
 * surprise at its end; on GitHub the job summary is added by itself.
 * @throws {UsageError | UnknownNameError | FileError}
 */
export async function openReports(
  targets: readonly string[],
  context: CommandContext,
): Promise<ReportFile[]> {
  const { REPORT_FORMATS, REPORT_FORMAT_NAMES, isReportFormatName } =
    await import('../report/conformance/index.ts');
  const files = await Promise.all(
    targets.map(async (target): Promise<ReportFile> => {
      const [name = '', ...rest] = target.split('=');
      const path = rest.join('=');
      if (path === '')
        throw new UsageError(`--report '${target}': expected format=file, e.g. html=report.html`);
      if (!isReportFormatName(name)) {
        const hint = `Formats: ${REPORT_FORMAT_NAMES.join(', ')}`;
        throw new UnknownNameError('report format', name, {
          nearest: nearest(name, REPORT_FORMAT_NAMES),
          hint,
        });
      }
      await tryWriting(path, () => writeFile(path, ''));
      return {
        write: (report) =>
          tryWriting(path, () => writeFile(path, REPORT_FORMATS[name].render(report, FILE_STYLE))),
      };
    }),
  );
  const { GITHUB_STEP_SUMMARY: summary } = context.io.env;
  if (summary === undefined || summary === '') return files;
  const add = (report: ConformanceReport) =>
    appendFile(summary, REPORT_FORMATS.markdown.render(report, FILE_STYLE));
  return [...files, { write: (report) => tryWriting(summary, () => add(report)) }];
}

async function tryWriting(path: string, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    const reasons: Readonly<Record<string, string>> = {
      ENOENT: 'there is no such folder to write it into',
      EISDIR: 'this is a folder, not a file',
      EACCES: 'no permission to write it',
      ENOSPC: 'the disk is full',
    };
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    throw new FileError(path, reasons[code] ?? 'cannot be written', { cause: error });
  }
}
