import { at, scalar, stringAt, type JsonNode, type JsonObject } from '../../json/node.ts';
import { NULL, putBack, scalarAt, type Related, type VersionChange } from './version-change.ts';

/** Who decided was told by two attributes, and by no relationship. */
export const inquiryReviewer: VersionChange = {
  version: '2021-07-05',
  types: ['inquiry'],
  description: 'The reviewer of an inquiry is a relationship, no longer two attributes.',
  source: 'CHANGELOG 2021-07-15 (headed v2021-07-05); OPENAPI 2021-05-14 inquiry, last attributes',
  downgrade: (attributes, { resource, related }) => putBack(attributes, reviewerOf(resource, related)),
  newRelationship: 'reviewer',
};

/**
 * OPENAPI: a user's e-mail address, a workflow's id, or `api`. UNDOCUMENTED: how a decision over the API looks in
 * newer bodies; we take no reviewer to mean that no reviewer has decided yet.
 */
function reviewerOf(inquiry: JsonObject, related: Related): Record<string, JsonNode> {
  const reference = at(inquiry, 'relationships', 'reviewer', 'data');
  const type = stringAt(reference, 'type');
  const id = stringAt(reference, 'id');
  if (type === undefined || id === undefined) return { reviewer: NULL, 'reviewer-type': NULL };
  const reviewer = type === 'user' ? scalar(addressOf(related(id))) : scalarAt(reference, 'id');
  return { reviewer, 'reviewer-type': scalar(type) };
}

/** UNDOCUMENTED where the payload does not include the user: the address of OPENAPI's example stands in. */
function addressOf(user: JsonObject | undefined): string {
  return stringAt(user, 'attributes', 'email-address') ?? 'reviewer@example.com';
}
