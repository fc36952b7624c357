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

const EXTENSIONS: Readonly<Record<(typeof FORMATS)[number], string>> = {
  html: 'html',
  json: 'json',
  junit: 'xml',
  markdown: 'md',
  ctrf: 'ctrf.json',
  tap: 'tap',
  text: 'txt',
};

export function save(text: string, format: (typeof FORMATS)[number]): void {
  const url = URL.createObjectURL(new Blob([text]));
  const link = document.createElement('a');
  link.href = url;
  link.download = `conformance.${EXTENSIONS[format]}`;
  link.click();
  URL.revokeObjectURL(url);
}

export function familyOf(id: string): string {
  return id.slice(0, id.indexOf('-'));
}

export function isFailure(verdict: string): boolean {
  return verdict === 'fail' || verdict === 'error';
}
