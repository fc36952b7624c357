/** Bodies in older API versions. Read history.ts first: each line of it is a file with one dated change. */
export { changesFor, HISTORY } from './history.ts';
export { toVersion } from './to-version.ts';
export type { VersionChange } from './version-change.ts';
export { standInFingerprint } from './stand-in-fingerprint.ts';
