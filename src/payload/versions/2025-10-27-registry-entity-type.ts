import { array, at, changeAt, withMember, type JsonNode, type JsonObject } from '../../json/node.ts';
import { putBack, type VersionChange } from './version-change.ts';

/**
 * Each registry record named the legal form, as the result as a whole still does. UNDOCUMENTED: the record's own
 * value is not in newer bodies; we repeat that of the result, and nothing where the result has none.
 */
export const registryEntityType: VersionChange = {
  version: '2025-10-27',
  types: ['report/business-registrations-lookup'],
  description: 'Registry records no longer have legal-entity-type.',
  source: 'OPENAPI 2023-01-05 and 2025-10-27 report-business-registrations-lookup',
  downgrade: (attributes) => changeAt(attributes, ['result'], withEntityType),
};

function withEntityType(result: JsonObject): JsonObject {
  const type = at(result, 'legal-entity-type');
  const records = at(result, 'registry-records');
  if (type === undefined || records?.kind !== 'array') return result;
  const named = (record: JsonNode) =>
    record.kind === 'object' ? putBack(record, { 'legal-entity-type': type }) : record;
  return withMember(result, 'registry-records', array(records.items.map(named)));
}
