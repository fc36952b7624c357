import { writeFile } from 'node:fs/promises';
import { UsageError } from '../../errors.ts';
import type { LoadReport } from '../../report/load/facts.ts';
import { loadHtml } from '../../report/load/html.ts';
import { loadResultRecord } from '../../report/load/json.ts';
import { parseReportTarget } from './report-target.ts';
import { tryWriting } from './try-writing.ts';

const RENDERERS: Readonly<Record<'html' | 'json', (report: LoadReport) => string>> = {
  html: loadHtml,
  json: (report) => `${JSON.stringify(loadResultRecord(report), null, 2)}\n`,
};

/**
 * Empties the files at once: a path that cannot be written is known before the run, and a run that breaks does not
 * leave the report of the run before.
 * @returns what writes them
 */
export async function openLoadReports(
  paths: readonly string[],
): Promise<(report: LoadReport) => Promise<void>> {
  const files = paths.map(fileOf);
  for (const { path } of files) await tryWriting(path, () => writeFile(path, ''));
  return async (report) => {
    for (const { path, render } of files) await tryWriting(path, () => writeFile(path, render(report)));
  };
}

function fileOf(text: string) {
  const { format, path } = parseReportTarget(text, ['html', 'json']);
  if (path === undefined)
    throw new UsageError(`--report ${text}: expected a file, e.g. ${format}=load.${format}`);
  return { path, render: RENDERERS[format] };
}
