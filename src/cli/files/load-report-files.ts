import { PRIVATE, replaceFile, tryReplacing } from '../../fixture/replace-file.ts';
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
 * Checks at once that the files can be written; they are replaced when the run is over.
 * @param inFlags - puts what the report says of options into the words of the command
 * @returns what writes them, and says which
 */
export async function openLoadReports(
  paths: readonly string[],
  inFlags: (text: string) => string,
): Promise<(report: LoadReport) => Promise<string[]>> {
  const files = paths.map(fileOf);
  for (const { path } of files) await tryWriting(path, () => tryReplacing(path));
  return async (report) => {
    for (const { path, render } of files)
      await tryWriting(path, () => replaceFile(path, inFlags(render(report)), PRIVATE));
    return files.map(({ path }) => path);
  };
}

function fileOf(text: string) {
  const { format, path } = parseReportTarget(text, ['html', 'json']);
  if (path === undefined)
    throw new UsageError(`--report ${text}: expected a file, e.g. ${format}=load.${format}`);
  return { path, render: RENDERERS[format] };
}
