import { object } from '../../json/node.ts';
import { type VersionChange } from './version-change.ts';

const STATS = new Set(['stats', 'explorer-url', 'node-limit-reached', 'nodes']);

/** UNDOCUMENTED: the raw output that stood there before; the older schemas have nothing in its place. */
export const graphQueryStats: VersionChange = {
  version: '2023-01-05',
  types: ['graph-query'],
  description: 'Graph queries show computed stats instead of the raw output.',
  source: 'CHANGELOG 2023-01-05; OPENAPI 2022-09-01 and 2023-01-05 graph-query',
  downgrade: ({ members }) => object(members.filter(({ key }) => !STATS.has(key))),
};
