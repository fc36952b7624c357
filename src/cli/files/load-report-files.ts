import { writeFile } from 'node:fs/promises';
import { UsageError } from '../../errors.ts';
import type { LoadReport } from '../../report/load/facts.ts';
import { loadHtml } from '../../report/load/html.ts';
import { loadResultRecord } from '../../report/load/json.ts';
import { tryWriting } from './try-writing.ts';

const RENDERERS: Readonly<Record<string, (report: LoadReport) => string>> = {
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
  const files = paths.map((path) => ({ path, render: rendererFor(path) }));
  for (const { path } of files) await tryWriting(path, () => writeFile(path, ''));
  return async (report) => {
    for (const { path, render } of files) await tryWriting(path, () => writeFile(path, render(report)));
  };
}

function rendererFor(path: string): (report: LoadReport) => string {
  const renderer = RENDERERS[path.split('.').at(-1) ?? ''];
  if (renderer !== undefined) return renderer;
  throw new UsageError(`--report ${path}: expected a file that ends with .html or .json`);
}
