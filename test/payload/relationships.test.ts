import { expect, test } from 'vitest';
import { fromValue, toValue, type JsonObject, type JsonValue } from '../../src/json/node.ts';
import { relationshipRule, restrictRelationships } from '../../src/payload/relationships.ts';

const object = (relationships: Record<string, JsonValue>) => ({ type: 'inquiry', relationships });
const payload = fromValue({
  data: object({ account: { data: null }, 'inquiry-template': { data: null }, notes: { data: [] } }),
  included: [object({ account: {}, notes: {} }), { type: 'account' }],
}) as JsonObject;

test.each([
  [undefined, ['account', 'inquiry-template', 'notes'], ['account', 'notes']],
  [{ state: 'include_all' as const }, ['account', 'inquiry-template', 'notes'], ['account', 'notes']],
  [{ state: 'include_none' as const }, undefined, undefined],
  [
    { state: 'include_some' as const, relationships: ['inquiryTemplate', 'account', 'gone'] },
    ['account', 'inquiry-template'],
    ['account'],
  ],
  [{ state: 'include_some' as const, relationships: [] }, [], []],
])('%j keeps the relationships of these names', (allowlist, inData, inIncluded) => {
  const { data, included } = toValue(restrictRelationships(payload, relationshipRule(allowlist))) as any;
  const namesOf = (relationships: object | undefined) => relationships && Object.keys(relationships);
  expect([namesOf(data.relationships), namesOf(included[0].relationships)]).toEqual([inData, inIncluded]);
  expect(included[1]).toEqual({ type: 'account' });
});
