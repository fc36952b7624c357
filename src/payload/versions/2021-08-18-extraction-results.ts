import { NULL, putBack, type VersionChange } from './version-change.ts';

/**
 * Both attributes stood side by side. Null on purpose: for old versions Persona computed extraction-results from
 * extraction-responses, and stopped doing so (CHANGELOG 2026-04-13). UNDOCUMENTED: whether it then prints null
 * or an empty list; the schema allows both.
 */
export const extractionResults: VersionChange = {
  version: '2021-08-18',
  types: ['document/generic'],
  description: 'Generic documents no longer have extraction-results, only extraction-responses.',
  source: 'CHANGELOG 2021-08-18 and 2026-04-13; OPENAPI 2021-07-05 document-generic, last attribute',
  downgrade: (attributes) => putBack(attributes, { 'extraction-results': NULL }),
};
