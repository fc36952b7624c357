import type { ApiVersion } from '../../persona/contract.ts';
import { inquiryNumber, verificationNumber } from './2021-02-21-identification-number.ts';
import { matchedLists } from './2021-05-14-matched-lists.ts';
import { searchLists } from './2021-05-14-search-lists.ts';
import { barcodeReason } from './2021-07-05-barcode-reason.ts';
import { inquiryReviewer } from './2021-07-05-inquiry-reviewer.ts';
import { smartyStreets } from './2021-07-05-smarty-streets.ts';
import { browserFingerprint } from './2021-08-18-browser-fingerprint.ts';
import { extractionResults } from './2021-08-18-extraction-results.ts';
import { fileUrls } from './2023-01-05-file-urls.ts';
import { graphQueryStats } from './2023-01-05-graph-query-stats.ts';
import { accountAttributes } from './2025-10-27-account-attributes.ts';
import { inquiryAttributes } from './2025-10-27-inquiry-attributes.ts';
import { registryEntityType } from './2025-10-27-registry-entity-type.ts';
import { runHistory } from './2025-12-08-run-history.ts';
import type { VersionChange } from './version-change.ts';

/**
 * What each version changed in bodies, newest first. 2022-09-01 is not here: no source names a change in bodies, and
 * OPENAPI's folder of that name differs from the one before by the changes of 2021-08-18 alone.
 */
export const HISTORY: readonly VersionChange[] = [
  runHistory,
  accountAttributes,
  inquiryAttributes,
  registryEntityType,
  fileUrls,
  graphQueryStats,
  browserFingerprint,
  extractionResults,
  barcodeReason,
  inquiryReviewer,
  smartyStreets,
  matchedLists,
  searchLists,
  verificationNumber,
  inquiryNumber,
];

/** The changes that a webhook of that version has not seen yet, newest first. Resolve them once per webhook. */
export function changesFor(version: ApiVersion): readonly VersionChange[] {
  // Dates in ISO form: their order is that of their text.
  return HISTORY.filter((change) => change.version > version);
}
