import { PRIVATE, replaceFile } from '../../fixture/replace-file.ts';
import { UsageError } from '../../errors.ts';
import type { LoadReport } from '../../report/load/facts.ts';
import { loadHtml } from '../../report/load/html.ts';
import { loadResultRecord } from '../../report/load/json.ts';
import { refuseOverwriting } from './same-file.ts';
import { parseReportTarget } from './report-target.ts';
import { checkReplacing, tryWriting } from './try-writing.ts';

const RENDERERS: Readonly<Record<'html' | 'json', (report: LoadReport) => string>> = {
  html: loadHtml,
  json: (report) => `${JSON.stringify(loadResultRecord(report), null, 2)}\n`,
};

/**
 * Checks at once that the files can be written; they are replaced when the run is over.
 * @param read - what the command reads, and a report may not replace
 * @param inFlags - puts what the report says of options into the words of the command
 * @returns what writes them, and says which
 */
export async function openLoadReports(
  paths: readonly string[],
  { read, inFlags }: { read: readonly (string | undefined)[]; inFlags: (text: string) => string },
): Promise<(report: LoadReport) => Promise<string[]>> {
  const files = paths.map(fileOf);
  await refuseOverwriting(
    files.map(({ path }) => ({ flag: '--report', path })),
    read,
  );
  for (const { path } of files) await checkReplacing(path);
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
