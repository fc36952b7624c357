import { replaceFile, tryReplacing } from '../../fixture/replace-file.ts';
import { UsageError } from '../../errors.ts';
import type { LoadReport } from '../../report/load/facts.ts';
import { loadHtml } from '../../report/load/html.ts';
import { loadResultRecord } from '../../report/load/json.ts';
import { tryWriting } from './try-writing.ts';

const RENDERERS: ReadonlyMap<string, (report: LoadReport) => string> = new Map([
  ['html', loadHtml],
  ['json', (report: LoadReport) => `${JSON.stringify(loadResultRecord(report), null, 2)}\n`],
]);

/**
 * Checks at once that the files can be written; they are replaced when the run is over.
 * @returns what writes them
 */
export async function openLoadReports(
  paths: readonly string[],
): Promise<(report: LoadReport) => Promise<void>> {
  const files = paths.map(targetOf);
  for (const { path } of files) await tryWriting(path, () => tryReplacing(path));
  return async (report) => {
    for (const { path, render } of files) await tryWriting(path, () => replaceFile(path, render(report)));
  };
}

/** `load.html`, or `html=load.html` as for `conform`. */
function targetOf(text: string): { path: string; render: (report: LoadReport) => string } {
  const [, format = '', named = ''] = /^(\w+)=(.*)$/s.exec(text) ?? [];
  const path = RENDERERS.has(format) ? named : text;
  const render = RENDERERS.get(RENDERERS.has(format) ? format : (path.split('.').at(-1) ?? ''));
  if (render !== undefined && path !== '') return { path, render };
  throw new UsageError(`--report ${text}: expected a file that ends with .html or .json`);
}
