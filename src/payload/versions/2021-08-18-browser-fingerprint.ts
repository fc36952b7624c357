import { scalar, stringAt, type JsonObject, type JsonScalar } from '../../json/node.ts';
import { standInFingerprint } from './stand-in-fingerprint.ts';
import { putBack, scalarAt, type Related, type VersionChange } from './version-change.ts';

/**
 * The device relationship, which replaced the attribute, stays: OPENAPI has it in every version, and in the
 * examples of every version.
 */
export const browserFingerprint: VersionChange = {
  version: '2021-08-18',
  types: ['inquiry-session'],
  description: "Inquiry sessions no longer have browser-fingerprint; it is the device's.",
  source: 'CHANGELOG 2021-08-18; OPENAPI 2021-07-05 inquiry-session, last attribute',
  downgrade: (attributes, { resource, related }) =>
    putBack(attributes, { 'browser-fingerprint': fingerprintOf(resource, related) }),
};

/**
 * UNDOCUMENTED where the payload does not include the device: a stand-in of the documented length (32), the
 * same for the same device, or else for the same session.
 */
function fingerprintOf(session: JsonObject, related: Related): JsonScalar {
  const deviceId = stringAt(session, 'relationships', 'device', 'data', 'id');
  const device = related(deviceId);
  if (device !== undefined) return scalarAt(device, 'attributes', 'browser-fingerprint');
  return scalar(standInFingerprint(deviceId ?? stringAt(session, 'id') ?? ''));
}
