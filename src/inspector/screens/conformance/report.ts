import { pathOf } from '../../api/client.ts';
import type { ConformanceRun } from '../../api/records.ts';

/** The report format `json` (docs/reports.md), as far as it is shown. */
export interface Check {
  readonly id: string;
  readonly family: string;
  readonly title: string;
  readonly level: string;
  readonly verdict: string;
  readonly requirement: string;
  readonly expected: string;
  readonly actual: string;
  readonly source: string;
  readonly cause: string | null;
  readonly howToFix: string | null;
  /** The part of the documentation about it. */
  readonly fix: string;
  readonly repeat: string;
}

export interface Report {
  readonly receivers: readonly { readonly checks: readonly Check[] }[];
}

export const FORMATS = ['html', 'json', 'junit', 'markdown', 'ctrf', 'tap', 'text'] as const;

export const EXTENSIONS: Readonly<Record<(typeof FORMATS)[number], string>> = {
  html: 'html',
  json: 'json',
  junit: 'xml',
  markdown: 'md',
  ctrf: 'ctrf.json',
  tap: 'tap',
  text: 'txt',
};

export function reportPath(run: string, format: (typeof FORMATS)[number]): string {
  return `${pathOf`/v1/conformance-runs/${run}/report`}?format=${format}`;
}

export function familyOf(id: string): string {
  return id.slice(0, id.indexOf('-'));
}

interface Finished extends Pick<ConformanceRun, 'done' | 'results'> {
  readonly failures: number;
}

export function finishedText({ done, failures, results }: Finished): string {
  const count = (wanted: string) => results.filter(({ verdict }) => verdict === wanted).length;
  // A forgery that was acknowledged is among the failures, though only an oracle could judge it.
  const judgedAnyway = Math.max(0, failures - count('fail'));
  const unjudged = count('error') + Math.max(0, count('needs-oracle') - judgedAnyway);
  const open = unjudged === 0 ? '' : `; ${unjudged} could not be judged`;
  if (failures > 0) return `${failures} of ${done} checks failed${open}.`;
  return unjudged === 0 ? 'All checks passed.' : `No check failed${open}.`;
}
