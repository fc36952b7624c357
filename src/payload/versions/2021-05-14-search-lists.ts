import { withoutMember } from '../../json/node.ts';
import { type VersionChange } from './version-change.ts';

export const searchLists: VersionChange = {
  version: '2021-05-14',
  types: ['report-template/watchlist'],
  description: 'Templates of watchlist reports name the lists to search.',
  source: 'OPENAPI 2020-05-18 and 2021-05-14 report-template-watchlist',
  downgrade: (attributes) => withoutMember(attributes, 'search-lists'),
};
