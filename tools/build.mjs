// Builds dist, unless it is there and nothing that the build reads has changed since. `npm run clean` makes it build all.
import { fileURLToPath } from 'node:url';
import { buildWhereNeeded } from './build-stamp.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const isBuilt = await buildWhereNeeded(root, () => import('./build-dist.mjs'));
if (!isBuilt) console.log('dist is up to date');
