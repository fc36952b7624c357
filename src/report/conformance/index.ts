import { ctrfReport } from './ctrf.ts';
import { githubReport } from './github.ts';
import { htmlReport } from './html.ts';
import { jsonReport } from './json.ts';
import { junitReport } from './junit.ts';
import { markdownReport } from './markdown.ts';
import { redacted } from './redact.ts';
import type { ReportFormat } from './style.ts';
import { tapReport } from './tap.ts';
import { textReport } from './text.ts';

export type { ReportFormat, ReportStyle } from './style.ts';
export { standingOf, type Standing } from '../../conformance/standing.ts';

/** Secrets are taken out here, once for all formats. */
function format(summary: string, render: ReportFormat['render']): ReportFormat {
  return { summary, render: (report, style) => render(redacted(report), style) };
}

/** The choices of `--report`, the type and the documentation come from this one list. */
export const REPORT_FORMATS = {
  text: format('for people at a terminal', textReport),
  html: format('one page with everything, also what went over the wire', htmlReport),
  json: format('for programs: a contract that only grows', jsonReport),
  junit: format('JUnit XML, for GitLab, Jenkins and most CI systems', junitReport),
  ctrf: format('Common Test Report Format, for dashboards and bots', ctrfReport),
  tap: format('Test Anything Protocol, version 14', tapReport),
  github: format('annotations, in the log of a GitHub Actions step', githubReport),
  markdown: format('for $GITHUB_STEP_SUMMARY or a comment', markdownReport),
} as const satisfies Readonly<Record<string, ReportFormat>>;

export type ReportFormatName = keyof typeof REPORT_FORMATS;

export const REPORT_FORMAT_NAMES = Object.keys(REPORT_FORMATS) as readonly ReportFormatName[];

export function isReportFormatName(name: string): name is ReportFormatName {
  return Object.hasOwn(REPORT_FORMATS, name);
}
