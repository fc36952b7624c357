import type { ChalkInstance } from 'chalk';
import type { ConformanceReport } from '../../conformance/report.ts';

/** How a report is made up; only the formats for people look at it. */
export interface ReportStyle {
  /** Without colours (`level: 0`) where the report goes to a file. */
  readonly chalk: ChalkInstance;
  /** Every check in full, not only the failures. */
  readonly verbose: boolean;
}

export interface ReportFormat {
  /** One line for `--help` and the documentation. */
  readonly summary: string;
  /** The whole file, with its last line ended. */
  render(report: ConformanceReport, style: ReportStyle): string;
}
