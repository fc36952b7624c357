import {
  array,
  member,
  object,
  scalar,
  stringAt,
  toValue,
  withoutMember,
  type JsonArray,
  type JsonNode,
  type JsonObject,
} from '../../json/node.ts';
import { itemsAt, NULL, putBack, type Related, type VersionChange } from './version-change.ts';

/** One attribute per kind of list became one attribute for all. */
export const matchedLists: VersionChange = {
  version: '2021-05-14',
  types: ['report/watchlist'],
  description: 'Watchlist reports have matched-lists instead of one attribute per kind of list.',
  source: 'CHANGELOG 2021-05-14; OPENAPI 2020-05-18 report-watchlist, last attributes',
  downgrade: (attributes, { resource, related }) =>
    putBack(withoutMember(attributes, 'matched-lists'), {
      'searched-lists': searchedLists(resource, related),
      'pep-list': listsOf('pep', attributes),
      'sanction-list': listsOf('sanction', attributes),
      'fitness-probity-list': listsOf('fitness-probity', attributes),
      'warning-list': listsOf('warning', attributes),
    }),
};

/**
 * "Array of watchlist slugs that were searched" (OPENAPI). Newer reports do not say; their template does.
 * UNDOCUMENTED where the payload does not include it: the lists that matched have been searched at any rate.
 */
function searchedLists(report: JsonObject, related: Related): JsonArray {
  const template = related(stringAt(report, 'relationships', 'report-template', 'data', 'id'));
  const lists =
    template === undefined
      ? itemsAt(report, 'attributes', 'matched-lists')
      : itemsAt(template, 'attributes', 'search-lists');
  return array(lists.flatMap((list) => member(list, 'slug') ?? []));
}

/**
 * UNDOCUMENTED: the values of list-type, apart from `sanction`; we take them to be the names of the old attributes.
 * A list of another kind has no place in the old form.
 */
function listsOf(kind: string, attributes: JsonObject): JsonNode {
  const lists = member(attributes, 'matched-lists');
  if (lists?.kind !== 'array') return NULL;
  return array(lists.items.filter((list) => isOfKind(list, kind)).map(oldForm));
}

function isOfKind(list: JsonNode, kind: string): boolean {
  const types = [stringAt(list, 'list-type'), ...itemsAt(list, 'list-types').map(toValue)];
  return types.some((type) => typeof type === 'string' && type.replaceAll('_', '-') === kind);
}

function oldForm(list: JsonNode): JsonObject {
  return object([
    { key: 'slug', value: member(list, 'slug') ?? scalar('') },
    { key: 'entities', value: member(list, 'entities') ?? array([]) },
  ]);
}
