import { mapScalars, member, scalar, withMember, type JsonNode } from '../../json/node.ts';
import { type VersionChange } from './version-change.ts';

/** The changelog itself says how older versions print the new reason. */
export const barcodeReason: VersionChange = {
  version: '2021-07-05',
  types: ['verification/government-id'],
  description: 'The barcode check tells barcode_not_decoded from barcode_not_detected.',
  source: 'CHANGELOG 2021-07-15 (headed v2021-07-05)',
  downgrade: (attributes) => {
    const checks = member(attributes, 'checks');
    return checks === undefined ? attributes : withMember(attributes, 'checks', withOldReason(checks));
  },
};

function withOldReason(checks: JsonNode): JsonNode {
  return mapScalars(checks, (leaf, key) =>
    key === 'reasons' && leaf.value === 'barcode_not_decoded' ? scalar('barcode_not_detected') : leaf,
  );
}
