// Builds dist, unless it is there and nothing that the build reads has changed since. `npm run clean` makes it build all.
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { hashInputs, hashOutputs, readStamp, writeStamp } from './build-stamp.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const last = readStamp(root);
// From before: what changes meanwhile is built the next time.
const inputs = hashInputs(root);
const isIntact = last.outputs === hashOutputs(root);

if (isIntact && last.inputs === inputs) console.log('dist is up to date');
else {
  // By its own list tsc would leave out what it has written once, even where that is gone.
  if (!isIntact) rmSync(`${root}/dist/.tsbuildinfo`, { force: true });
  await import('./build-dist.mjs');
  writeStamp(root, { inputs, outputs: hashOutputs(root) });
}
