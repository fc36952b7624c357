import { pathOf } from '../../api/client.ts';

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
