/**
 * The scenarios that come with the package: `fixtures/scenarios/<name>.json`. A test holds this list and the
 * files together, both ways.
 */
export const SCENARIO_NAMES: readonly string[] = [
  'quickstart',
  'inquiry-approved',
  'inquiry-declined',
  'inquiry-failed',
  'inquiry-expired',
  'inquiry-reviewed-then-approved',
  'watchlist-match',
  'redaction',
  'case',
  'transaction',
];
