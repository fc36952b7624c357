import { fromValue, stringAt, type JsonObject } from '../../json/node.ts';
import { RATE_LIMIT, RATE_WINDOW_SECONDS } from '../../persona/api.ts';
import { ApiError } from '../errors.ts';
import { changes, lists, one, reads, type Call, type Result, type Route } from '../http/call.ts';
import { redactVerification } from '../state/redaction.ts';
import { eventResource } from '../state/event-log.ts';
import { relatedId } from '../state/store.ts';
import { find, list, listingOf, matcher, pageOf } from './lists.ts';

/** Paths of one type each: `/verification/government-ids/{id}`. */
const OF_A_TYPE: readonly (readonly [operation: string, type: string, parameter: string])[] = [
  ['retrieve-a-government-id-verification', 'verification/government-id', 'verification-id'],
  ['retrieve-a-document-verification', 'verification/document', 'verification-id'],
  ['retrieve-a-selfie-verification', 'verification/selfie', 'verification-id'],
  ['retrieve-a-database-verification', 'verification/database', 'verification-id'],
  ['retrieve-a-government-id-document', 'document/government-id', 'document-id'],
  ['retrieve-a-generic-document', 'document/generic', 'document-id'],
];

export const readRoutes: readonly Route[] = [
  read('retrieve-a-verification', 'verification', 'verification-id'),
  read('retrieve-a-document', 'document', 'document-id'),
  read('retrieve-a-device', 'device', 'device-id'),
  read('retrieve-an-inquiry-template', 'inquiry-template', 'inquiry-template-id'),
  ...OF_A_TYPE.map(([operation, type, parameter]) =>
    reads(operation, (call) => one(ofType(call, call.param(parameter), type))),
  ),
  changes('redact-a-verification', (call) =>
    one(redactVerification(call.environment, find(call, call.param('verification-id'), 'verification'))),
  ),
  lists('list-all-inquiry-templates', (call) => list(call, 'inquiry-template')),
  lists(
    'list-all-inquiry-template-versions',
    (call) =>
      list(
        call,
        'inquiry-template-version',
        matcher(required(call, 'inquiry-template-id'), {
          'inquiry-template-id': (version) => relatedId(version, 'inquiry-template'),
        }),
      ),
    ['inquiry-template-id'],
  ),
  lists('list-all-devices', listDevices, ['inquiry-session-id']),
  lists('list-all-events', listEvents, ['name', 'object-id', 'id']),
  reads('retrieve-an-event', (call) => {
    const event = call.environment.events.get(call.param('event-id'));
    if (event === undefined) throw new ApiError(404);
    return one(eventResource(event));
  }),
  reads('list-all-rate-limits', rateLimits),
];

/** A resource by the id in the path. */
export function read(operation: string, family: string, parameter: string): Route {
  return reads(operation, (call) => one(find(call, call.param(parameter), family)));
}

function ofType(call: Call, id: string, type: string): JsonObject {
  const [family = ''] = type.split('/');
  const found = find(call, id, family);
  if (stringAt(found, 'type') === type) return found;
  throw new ApiError(
    404,
    `${id} is a ${stringAt(found, 'type') ?? ''}: GET /${family}s/{id} reads every type`,
  );
}

/** @throws {ApiError} 400 for a filter that the list cannot do without */
function required(call: Call, filter: string): Call {
  if (call.query.filter.get(filter) !== undefined) return call;
  throw new ApiError(400, `filter[${filter}] is missing`);
}

function listDevices(call: Call): Result {
  const session = call.environment.store.get(
    required(call, 'inquiry-session-id').query.filter.get('inquiry-session-id') ?? '',
  );
  const id = session === undefined ? undefined : relatedId(session, 'device');
  return pageOf(
    call,
    listingOf(id === undefined ? [] : [id], (key) => call.environment.store.get(key)),
  );
}

function listEvents(call: Call): Result {
  const { events } = call.environment;
  const { filter } = call.query;
  const objectIds = filter.get('object-id')?.split(',');
  const names = filter.get('name')?.split(',');
  const ids = filter.get('id')?.split(',');
  const get = (id: string) => {
    const event = events.get(id);
    if (event === undefined || (names !== undefined && !names.includes(event.name))) return undefined;
    if (ids !== undefined && !ids.includes(id)) return undefined;
    return eventResource(event);
  };
  if (objectIds !== undefined) return pageOf(call, listingOf(events.about(objectIds), get));
  return pageOf(call, { ids: events.ids(), placeOf: (id) => events.placeOf(id), get });
}

function rateLimits(): Result {
  const limit = fromValue({
    type: 'rate-limit/api',
    attributes: { limit: RATE_LIMIT, remaining: RATE_LIMIT, 'seconds-to-reset': RATE_WINDOW_SECONDS },
  }) as JsonObject;
  return { data: [limit] };
}
