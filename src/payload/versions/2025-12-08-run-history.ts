import { array } from '../../json/node.ts';
import { putBack, type VersionChange } from './version-change.ts';

/** Empty on purpose: the older schemas call the attribute "deprecated and no longer populated". */
export const runHistory: VersionChange = {
  version: '2025-12-08',
  types: ['report/watchlist', 'report/business-watchlist', 'report/politically-exposed-person'],
  description: 'Reports no longer have run-history.',
  source: 'CHANGELOG 2025-12-08; OPENAPI 2025-10-27, last attribute of the three reports',
  downgrade: (attributes) => putBack(attributes, { 'run-history': array([]) }),
};
