import { mapScalars, scalar, type JsonObject, type JsonScalar } from '../../json/node.ts';
import { type VersionChange } from './version-change.ts';

const SIGNED_URL = /^https:\/\/files\.withpersona\.com\/([^?#]+)\?access_token=([^&#]+)$/;

/**
 * Whatever is the URL of a file, wherever it stands. UNDOCUMENTED: the token of an old URL named the file and
 * opened nothing without an API key; we have no other token than that of the new URL.
 */
export const fileUrls: VersionChange = {
  version: '2023-01-05',
  types: ['*'],
  description: 'File URLs carry an access token, and no longer need an API key.',
  source: "CHANGELOG 2023-01-05; DOCS What's new in v2023-01-05",
  downgrade: (attributes) => mapScalars(attributes, toKeyedUrl) as JsonObject,
};

function toKeyedUrl(leaf: JsonScalar): JsonScalar {
  const [, name, token] = (typeof leaf.value === 'string' && SIGNED_URL.exec(leaf.value)) || [];
  if (name === undefined || token === undefined) return leaf;
  return scalar(`https://withpersona.com/api/v1/files/${token}/${name}`);
}
